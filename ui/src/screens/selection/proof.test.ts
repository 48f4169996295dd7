import { describe, expect, it } from 'vitest';
import { application, proof, selection } from '../../ipc/fake-programme';
import { number } from '../../i18n';
import type { ApplicationView, SelectionRow, WaveState } from '../../ipc/types';
import { finding, grouped, partOf, size, stages } from './proof';

it.each([
  ['accepted', 'accepted'],
  ['accepted_digest', 'accepted'],
  ['counts', 'result'],
  ['list_digest', 'list'],
  ['not_listed', 'not_listed'],
  ['other_commitment', 'other_commitment'],
  ['beacon_rule', 'rules'],
  ['own_entry', 'own_entry'],
  ['own_place', 'own_place'],
  ['too_large', 'too_large'],
  ['other', 'other'],
] as const)('the part %s is said as %s', (code, part) => {
  expect(partOf(code)).toBe(part);
});

describe('the finding that must not be overlooked', () => {
  const earlier = { at: 1, part: 'not_listed' } as const;
  const now = { is: 'failed', at: 2, part: 'seed' } as const;
  it.each([
    ['no draw', null, null],
    ['nothing found', selection({ verified: proof() }), null],
    ['found now', selection({ verified: now }), now],
    ['found before', selection({ verified: proof(), failed_before: earlier }), earlier],
  ])('%s', (_case, draw, expected) => {
    expect(finding(draw)).toEqual(expected);
  });
});

describe('the four steps', () => {
  const published = { published_at: Date.now() };
  it.each<[string, WaveState, SelectionRow | null, ApplicationView | null, string]>([
    ['nothing yet', 'open', null, null, 'now later later later'],
    ['only asked', 'open', null, application({ blind: null }), 'now later later later'],
    ['joined', 'open', null, application(), 'done now later later'],
    ['no application, closed', 'closed', null, null, 'done now later later'],
    ['sealed', 'selecting', selection(), application(), 'done done now later'],
    ['published', 'results_published', selection(published), application(), 'done done done now'],
    [
      'proved',
      'results_published',
      selection({ ...published, verified: proof() }),
      application(),
      'done done done done',
    ],
    [
      'failed',
      'results_published',
      selection({ ...published, verified: { is: 'failed', at: 1, part: 'seed' } }),
      application(),
      'done done done now',
    ],
  ])('%s', (_case, state, draw, one, expected) => {
    expect(
      stages(state, draw, one)
        .map(({ standing }) => standing)
        .join(' '),
    ).toBe(expected);
  });
});

it('groups hex for the eye', () => {
  expect(grouped('0123456789abcdef01')).toBe('01234567 89abcdef 01');
});

it.each([
  [12, '1 KB'],
  [412_000, '412 KB'],
  [12_400_000, '12,4 MB'],
])('%i bytes are %s', (bytes, text) => {
  expect(size(bytes, number)).toBe(text);
});
