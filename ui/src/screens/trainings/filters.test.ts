import { describe, expect, it } from 'vitest';
import { append, isNarrowed, NO_FILTERS, queryOf, toggleMethod } from './filters';

describe('filters of the training list', () => {
  it('toggle methods and keep their order', () => {
    const two = toggleMethod(toggleMethod(NO_FILTERS, 'in_person'), 'self_paced');
    expect(two.methods).toEqual(['self_paced', 'in_person']);
    expect(toggleMethod(two, 'in_person').methods).toEqual(['self_paced']);
  });

  it('become a query without empty parts', () => {
    const query = queryOf({ ...NO_FILTERS, text: '  las ', freeOnly: true }, 40);
    expect(query).toEqual({ text: 'las', methods: [], free_only: true, with_seat: false, offset: 40, limit: 20 });
    expect(queryOf({ ...NO_FILTERS, province: '21' }, 0).province).toBe('21');
  });

  it.each([
    [{}, false],
    [{ text: '  ' }, false],
    [{ text: 'las' }, true],
    [{ methods: ['webinar'] as const }, true],
    [{ freeOnly: true }, true],
    [{ province: '51' }, true],
    [{ withSeat: true }, true],
  ])('know whether %o narrows the list', (some, expected) => {
    expect(isNarrowed({ ...NO_FILTERS, ...some })).toBe(expected);
  });

  it('add a page without showing a row twice', () => {
    expect(append([{ id: 'a' }, { id: 'b' }], [{ id: 'b' }, { id: 'c' }]).map((row) => row.id)).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});
