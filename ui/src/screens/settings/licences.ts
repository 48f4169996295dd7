// Whose work is in this app and under which licence, word for word: the licences ask for it.

import app from '../../../../LICENSE-MIT?raw';
import regions from '../../../../crates/regions/data/NOTICE?raw';
import typeface from '../../../licences/inter.txt?raw';

export const LICENCES = [
  { of: 'app', text: app },
  { of: 'regions', text: regions },
  { of: 'typeface', text: typeface },
] as const;
