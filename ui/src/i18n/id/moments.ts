// Words around deadlines, Indonesian.

export const moments = {
  other_zones: 'Jam di WITA dan WIT',
} as const;
