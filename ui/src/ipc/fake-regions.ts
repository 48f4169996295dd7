// A few regions for the fake, with namesakes. Codes and names are in the form of the real ones; the rest of the country
// is in the app.

import type { RegionHit, RegionLevel } from './types';

const REGIONS: readonly (readonly [code: string, name: string])[] = [
  ['21', 'Kepulauan Riau'],
  ['2101', 'Kabupaten Bintan'],
  ['210105', 'Bintan Timur'],
  ['2101051001', 'Kijang Kota'],
  ['2101051003', 'Sungai Enam'],
  ['2171', 'Kota Batam'],
  ['217103', 'Sekupang'],
  ['2171031001', 'Sungai Harapan'],
  ['2171031003', 'Tanjung Riau'],
  ['217111', 'Batam Kota'],
  ['2171111001', 'Baloi Permai'],
  ['2171111003', 'Belian'],
  ['2171111005', 'Sukajadi'],
  ['32', 'Jawa Barat'],
  ['3204', 'Kabupaten Bandung'],
  ['320405', 'Cileunyi'],
  ['3204052001', 'Cileunyi Kulon'],
  ['3204052003', 'Sukajadi'],
  ['3273', 'Kota Bandung'],
  ['327308', 'Sukajadi'],
  ['3273081001', 'Sukawarna'],
  ['3273081002', 'Sukagalih'],
  ['51', 'Bali'],
  ['5171', 'Kota Denpasar'],
  ['517101', 'Denpasar Selatan'],
  ['5171011001', 'Sanur'],
  ['5171012006', 'Sanur Kaja'],
  ['71', 'Sulawesi Utara'],
  ['7171', 'Kota Manado'],
  ['717105', 'Malalayang'],
  ['7171051001', 'Malalayang Satu'],
];

const DIGITS: Record<RegionLevel, number> = { province: 2, regency: 4, district: 6, village: 10 };

function hit(code: string): RegionHit {
  const name = REGIONS.find(([one]) => one === code)?.[1] ?? code;
  const above = REGIONS.filter(([one]) => one.length < code.length && code.startsWith(one));
  return { code, name, within: above.reverse().map(([, upper]) => upper) };
}

export function searchFakeRegions(level: RegionLevel, within: string | null, text: string): RegionHit[] {
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  const hits = REGIONS.filter(([code]) => code.length === DIGITS[level] && code.startsWith(within ?? ''))
    .map(([code]) => hit(code))
    .filter((one) => words.every((word) => [one.name, ...one.within].some((name) => name.toLowerCase().includes(word))))
    .filter((one) => words.length === 0 || words.some((word) => one.name.toLowerCase().includes(word)));
  return hits.sort((a, b) => a.name.localeCompare(b.name)).slice(0, words.length === 0 ? undefined : 20);
}

/** From the province down to the region itself. */
export function fakeRegionPath(code: string): RegionHit[] {
  if (!REGIONS.some(([one]) => one === code)) return [];
  return REGIONS.filter(([one]) => code.startsWith(one)).map(([one]) => hit(one));
}
