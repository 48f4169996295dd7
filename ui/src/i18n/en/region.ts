// Words of the region picker, English.

import type { region as source } from '../id/region';
import type { Translation } from '../translation';

export const region: Translation<typeof source> = {
  province: 'Province',
  regency: 'Regency or city',
  district: 'District (kecamatan)',
  village: 'Village (kelurahan or desa)',
  in_district: 'Kec. {path}',
  hint: 'Type the name of the village; add district or city if you like. Example: baloi batam',
  choose: 'Choose one',
  by_step: 'Choose step by step from the province',
  by_search: 'Search by typing',
  found: 'Results: {count}. Use arrow up and down to choose.',
  none: 'Nothing fits “{text}”.',
  none_help: 'Check the spelling, or choose step by step.',
  more_letters: 'Type at least two letters.',
  failed: 'The list of regions cannot be read yet. Type again.',
  chosen: 'Your choice',
  chosen_so_far: 'Chosen this far. It is saved and can be finished at any time.',
};
