import { describe, expect, it } from 'vitest';
import { application, freshProgramme, wave } from '../../ipc/fake-programme';
import type { StepRefusal, WaveRow, WavesView } from '../../ipc/types';
import { applicationWord, joinRefusal, standingOf, waveLine, type WaveStanding } from './standing';

const view = (patch: Partial<WavesView> = {}): WavesView => ({
  ...freshProgramme().waves,
  refused: null,
  waves: [wave()],
  ...patch,
});
const closed = { joinable: false };

describe('what can be done about a wave', () => {
  it.each<[string, Partial<WavesView>, Partial<WaveRow>, WaveStanding]>([
    ['open', {}, {}, { kind: 'joinable' }],
    ['announced', {}, { state: 'announced', ...closed }, { kind: 'announced' }],
    ['closed', {}, { state: 'closed', ...closed }, { kind: 'over' }],
    ['being drawn', {}, { state: 'selecting', ...closed }, { kind: 'over' }],
    ['over', {}, { state: 'results_published', ...closed }, { kind: 'over' }],
    ['joined', {}, { application: application(), ...closed }, { kind: 'mine' }],
    ['joined and closed', {}, { application: application(), state: 'closed', ...closed }, { kind: 'mine' }],
    [
      'joined, another in front',
      { application: application({ wave: 71 }) },
      { application: application(), ...closed },
      { kind: 'mine' },
    ],
    ['joined another', { application: application({ wave: 71 }) }, {}, { kind: 'joinable' }],
    ['refused there before', {}, { application: application({ refused: 'wave_closed' }) }, { kind: 'joinable' }],
    ['a participant', { member: true }, closed, { kind: 'member' }],
    ['another province', {}, { for_me: false, ...closed }, { kind: 'not_in_region' }],
    [
      'another province, not ready',
      {},
      { for_me: false, refused: 'too_early', ...closed },
      {
        kind: 'refused',
        why: 'too_early',
      },
    ],
    ['province not known', {}, { for_me: null, ...closed }, { kind: 'region_unknown' }],
    [
      'of another scheme',
      {},
      { unfit: { reasons: [], test: true }, ...closed },
      { kind: 'unfit', what: { reasons: [], test: true } },
    ],
    ['no reason given', {}, closed, { kind: 'refused', why: 'too_early' }],
  ])('%s', (_case, patch, row, expected) => {
    const one = wave(row);
    expect(standingOf(view({ ...patch, waves: [one] }), one)).toEqual(expected);
  });

  it.each<StepRefusal>(['blocked', 'ended', 'too_early', 'done', 'not_passed'])('refused: %s', (why) => {
    const one = wave({ refused: why, ...closed });
    expect(standingOf(view({ waves: [one] }), one)).toEqual({ kind: 'refused', why });
  });
});

describe('the two lines', () => {
  it.each([
    ['nothing', null, 'none'],
    ['only asked', application({ state: null, counted: null }), 'asked'],
    ['refused', application({ state: null, refused: 'wave_closed' }), 'refused'],
    ['counted', application(), 'joined_waiting_close'],
    ['being drawn', application({ state: 'processing' }), 'processing'],
    ['accepted', application({ state: 'accepted' }), 'accepted'],
    ['not accepted', application({ state: 'not_accepted' }), 'not_accepted'],
  ])('the application: %s', (_case, one, word) => {
    expect(applicationWord(one)).toBe(word);
  });

  it('the wave: the one that was joined, else the one to join, then the one that closes last, then none', () => {
    const soon = wave({ number: 72, closes_at: 1, joinable: false });
    const later = wave({ number: 73, closes_at: 2, joinable: false });
    expect(waveLine(view({ waves: [soon, later] }))).toEqual({ kind: 'open', wave: later });
    const mine = { ...soon, joinable: true };
    expect(waveLine(view({ waves: [mine, later] }))).toEqual({ kind: 'open', wave: mine });
    const joined = { ...later, application: application() };
    expect(waveLine(view({ waves: [mine, joined] }))).toEqual({ kind: 'open', wave: joined });
    const over = wave({ state: 'closed', joinable: false });
    expect(waveLine(view({ waves: [over], next_opens_at: 9 }))).toEqual({ kind: 'none', opens_at: 9 });
  });
});

it.each([
  ['wave_closed', 'wave_closed'],
  ['wave-closed', 'wave_closed'],
  ['not_in_region', 'not_in_region'],
  ['scheme_unfit', 'scheme_unfit'],
  ['something_new', 'other'],
])('refusal %s is said as %s', (code, expected) => {
  expect(joinRefusal(code)).toBe(expected);
});
