// Words around deadlines, English.

import type { moments as source } from '../id/moments';
import type { Translation } from '../translation';

export const moments: Translation<typeof source> = {
  other_zones: 'Time in WITA and WIT',
};
