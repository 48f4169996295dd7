// What is searched for: words and chips, and how they become a query. Pure; the list itself is asked from Rust.

import type { Method, TrainingQuery } from '../../ipc/types';

export const METHODS: readonly Method[] = ['self_paced', 'webinar', 'in_person'];

/** Rows per page: a screenful and a half, so that "show more" is seen and not needed at once. */
export const PAGE = 20;

export interface Filters {
  text: string;
  methods: readonly Method[];
  freeOnly: boolean;
  /** Province code; empty for everywhere. */
  province: string;
  withSeat: boolean;
}

export const NO_FILTERS: Filters = { text: '', methods: [], freeOnly: false, province: '', withSeat: false };

export function toggleMethod(filters: Filters, method: Method): Filters {
  const without = filters.methods.filter((one) => one !== method);
  const methods =
    without.length < filters.methods.length ? without : METHODS.filter((m) => m === method || without.includes(m));
  return { ...filters, methods };
}

/** True when something narrows the list, so that "clear" makes sense. */
export function isNarrowed(filters: Filters): boolean {
  return (
    filters.text.trim() !== '' ||
    filters.methods.length > 0 ||
    filters.freeOnly ||
    filters.province !== '' ||
    filters.withSeat
  );
}

export function queryOf(filters: Filters, offset: number, limit = PAGE): TrainingQuery {
  const query: TrainingQuery = {
    text: filters.text.trim(),
    methods: [...filters.methods],
    free_only: filters.freeOnly,
    with_seat: filters.withSeat,
    offset,
    limit,
  };
  return filters.province ? { ...query, province: filters.province } : query;
}

/** Adds a page; a row that moved between two pages is not shown twice. */
export function append<Row extends { id: string }>(rows: readonly Row[], more: readonly Row[]): Row[] {
  const known = new Set(rows.map((row) => row.id));
  return [...rows, ...more.filter((row) => !known.has(row.id))];
}
