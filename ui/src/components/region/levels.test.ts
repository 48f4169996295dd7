import { describe, expect, it } from 'vitest';
import { asAddress, codeAt, inOrder, levelOf, nextLevel, withinOf } from './levels';

describe('levels of a code', () => {
  it.each([
    ['', null, 'province'],
    ['21', 'province', 'regency'],
    ['2171', 'regency', 'district'],
    ['217111', 'district', 'village'],
    ['2171111001', 'village', null],
  ])('%s is chosen down to %s; next comes %s', (code, level, next) => {
    expect(levelOf(code)).toBe(level);
    expect(nextLevel(code)).toBe(next);
  });

  it('takes a code apart and says what a level lies in', () => {
    expect(codeAt('district', '2171111001')).toBe('217111');
    expect(codeAt('village', '2171')).toBe('');
    expect(withinOf('province', '2171')).toBeNull();
    expect(withinOf('district', '2171')).toBe('2171');
    expect(withinOf('village', '2171')).toBe('');
  });

  it('puts a path in order and writes it as an address', () => {
    const hit = (code: string, name: string) => ({ code, name, within: [] });
    const path = [hit('217111', 'Batam Kota'), hit('21', 'Kepulauan Riau'), hit('2171', 'Kota Batam')];
    expect(inOrder(path).map((one) => one.code)).toEqual(['21', '2171', '217111']);
    expect(asAddress(path)).toBe('Batam Kota, Kota Batam, Kepulauan Riau');
  });
});
