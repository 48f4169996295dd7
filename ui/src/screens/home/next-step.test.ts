import { describe, expect, it } from 'vitest';
import { application, freshProgramme, membership, wave } from '../../ipc/fake-programme';
import type { ActivityRow, AppState, Preparations, RegistrationState, SyncSummary, WavesView } from '../../ipc/types';
import { journey, nextStep, preparationsDone, UNREAD, type Programme } from './next-step';

interface Patch {
  account?: AppState['account'];
  preparations?: Partial<Preparations>;
  sync?: Partial<SyncSummary>;
  registration?: RegistrationState;
  member?: boolean;
}

function state(patch: Patch = {}): AppState {
  return {
    turn: 0,
    version: '0.1.0',
    settings: { language: 'id', theme: 'system', text_percent: 100, photo_sending: 'automatic' },
    central: { url: 'https://pusat.contoh.id', source: 'built_in', operator: null, demo: false },
    vault: { state: 'open', by: 'keyring' },
    closing_asked: false,
    account: patch.account ?? { state: 'signed_in', email: 'sari@contoh.id', first_name: 'Sari' },
    preparations: {
      connection: null,
      account: true,
      personal_filled: 0,
      personal_total: 11,
      personal_submitted: false,
      ...patch.preparations,
    },
    sync: {
      status: 'idle',
      waiting: 0,
      needs_you: 0,
      online: true,
      last_sync_at: null,
      next_try_at: null,
      ...patch.sync,
    },
    registration: patch.registration ?? null,
    unread_notices: 0,
    member: patch.member ?? false,
    metered: null,
  };
}
const waves = (patch: Partial<WavesView> = {}): Programme => ({
  ...UNREAD,
  waves: { ...freshProgramme().waves, refused: null, waves: [wave()], ...patch },
});
const activity = (is: ActivityRow['activity']): ActivityRow => ({
  enrolment: 'e',
  training: 't',
  title: 'Las',
  method: 'in_person',
  schedule: null,
  activity: is,
  delivery: { state: 'saved', at: 1 },
  command: 'c',
  cancellable: true,
});
const submitted = { preparations: { personal_filled: 11, personal_submitted: true } };

describe('the one next step', () => {
  it.each<[string, AppState, ActivityRow[], ReturnType<typeof nextStep>]>([
    ['nobody yet', state({ account: { state: 'none' } }), [], { kind: 'create_account' }],
    [
      'waiting for the code',
      state({ account: { state: 'awaiting_code', email: 'a@b.id', purpose: 'account' } }),
      [],
      { kind: 'finish_sign_up' },
    ],
    [
      'session over',
      state({
        account: { state: 'sign_in_needed', email: 'a@b.id', first_name: null },
        sync: { waiting: 2, needs_you: 2 },
      }),
      [],
      { kind: 'sign_in', waiting: 2 },
    ],
    [
      'something needs the person',
      state({ ...submitted, sync: { needs_you: 1 } }),
      [],
      { kind: 'needs_you', count: 1 },
    ],
    ['nothing typed', state(), [], { kind: 'start_profile', total: 11 }],
    [
      'half typed',
      state({ preparations: { personal_filled: 4 } }),
      [],
      { kind: 'continue_profile', filled: 4, total: 11 },
    ],
    ['all typed', state({ preparations: { personal_filled: 11 } }), [], { kind: 'confirm_profile' }],
    ['confirmed', state(submitted), [], { kind: 'choose_training' }],
    ['refused before', state(submitted), [activity({ is: 'refused' })], { kind: 'choose_training' }],
    [
      'offline with things to send',
      state({ ...submitted, sync: { waiting: 3, online: false, status: 'waiting' } }),
      [activity({ is: 'requested' })],
      { kind: 'wait_for_connection', waiting: 3 },
    ],
    ['all done', state(submitted), [activity({ is: 'enrolled', state: 'seat_confirmed' })], { kind: 'nothing' }],
  ])('%s', (_case, app, activities, expected) => {
    expect(nextStep(app, activities, UNREAD)).toEqual(expected);
  });

  it.each<[RegistrationState, ReturnType<typeof nextStep>['kind']]>([
    ['nik_mismatch', 'continue_registration'],
    ['kk_quota_full', 'continue_registration'],
    ['phone_verified', 'continue_registration'],
    ['test_available', 'take_test'],
    ['test_in_progress', 'continue_test'],
    ['test_submitted', 'wait_for_test'],
    ['test_evaluated', 'join_wave'],
    // Ended for good: what is left is what is open to everyone.
    ['ineligible', 'choose_training'],
    ['nik_already_recipient', 'choose_training'],
  ])('registration %s: %s', (registration, kind) => {
    expect(nextStep(state({ ...submitted, registration }), [], waves()).kind).toBe(kind);
  });

  it.each([
    ['revoked', 'revoked'],
    ['finished', 'finished'],
    ['suspended', 'choose_training'],
  ] as const)('a membership that is %s: %s', (membershipState, kind) => {
    const over = membership({ state: membershipState, awaits_first_purchase: false });
    const app = state({ ...submitted, registration: 'test_evaluated', member: true });
    expect(nextStep(app, [], { ...waves(), membership: over }).kind).toBe(kind);
  });

  const evaluated = { ...submitted, registration: 'test_evaluated' as const };
  const closed = [wave({ joinable: false })];
  it.each<[string, Patch, Programme, ReturnType<typeof nextStep>]>([
    ['a wave to join', evaluated, waves(), { kind: 'join_wave', wave: '72' }],
    ['no wave to join', evaluated, waves({ waves: closed }), { kind: 'choose_training' }],
    [
      'another wave while one waits for its draw',
      evaluated,
      waves({ waves: [wave({ number: 71 }), wave({ joinable: false, application: application() })] }),
      { kind: 'choose_training' },
    ],
    [
      'the next wave after a draw',
      evaluated,
      waves({ waves: [wave(), wave({ number: 71, application: application({ state: 'not_accepted' }) })] }),
      { kind: 'join_wave', wave: '72' },
    ],
    ['waves not read yet', evaluated, UNREAD, { kind: 'choose_training' }],
    ['in a wave', evaluated, waves({ waves: closed, application: application() }), { kind: 'choose_training' }],
    ['blocked', evaluated, waves({ refused: 'blocked', waves: closed }), { kind: 'answer_block' }],
    [
      'a running test before everything',
      { ...submitted, registration: 'test_in_progress', sync: { needs_you: 2 } },
      UNREAD,
      { kind: 'continue_test' },
    ],
    [
      'a test that was handed in without a network',
      { ...submitted, registration: 'test_in_progress', sync: { waiting: 4, online: false, status: 'waiting' } },
      { ...UNREAD, handIn: { state: 'waiting', at: 1 } },
      { kind: 'send_test' },
    ],
    [
      'one that was handed in before central told of its beginning',
      { ...submitted, registration: 'test_available' },
      { ...UNREAD, handIn: { state: 'sending', at: 1 } },
      { kind: 'send_test' },
    ],
    [
      'one that central has, not told yet',
      { ...submitted, registration: 'test_in_progress' },
      { ...UNREAD, handIn: { state: 'received', at: 1, receipt: '' } },
      { kind: 'wait_for_test' },
    ],
    [
      'one whose handing-in needs the person',
      { ...submitted, registration: 'test_in_progress', sync: { needs_you: 1 } },
      { ...UNREAD, handIn: { state: 'needs_you', why: 'refused', at: 1 } },
      { kind: 'needs_you', count: 1 },
    ],
    [
      'a participant who has not bought',
      { ...evaluated, member: true },
      { ...waves({ waves: closed }), membership: membership() },
      { kind: 'first_purchase' },
    ],
    [
      'a participant who has',
      { ...evaluated, member: true },
      { ...waves({ waves: closed }), membership: membership({ awaits_first_purchase: false }) },
      { kind: 'choose_training' },
    ],
  ])('%s', (_case, patch, programme, expected) => {
    expect(nextStep(state(patch), [], programme)).toEqual(expected);
  });
});

describe('the journey', () => {
  const standings = (app: AppState, activities: ActivityRow[] = [], programme: Programme = UNREAD) =>
    Object.fromEntries(journey(app, activities, programme).map((one) => [one.stage, one.standing]));

  it('never claims what this version cannot do', () => {
    const all = standings(state(submitted), [activity({ is: 'enrolled', state: 'completed' })]);
    expect([all.certificate, all.incentive]).toEqual(['later', 'later']);
  });

  it('has exactly one "now" while something is left', () => {
    const places = [
      state(),
      state(submitted),
      state({ ...submitted, registration: 'test_available' }),
      state({ ...submitted, registration: 'test_evaluated' }),
      state({ ...submitted, registration: 'test_evaluated', member: true }),
    ];
    const now = places.map((one) => Object.entries(standings(one)).filter(([, is]) => is === 'now'));
    expect(now.map((one) => one.map(([stage]) => stage))).toEqual([
      ['personal'],
      ['test'],
      ['test'],
      ['wave'],
      ['training'],
    ]);
  });

  it('opens the wave with the test and closes it with the result', () => {
    const evaluated = state({ ...submitted, registration: 'test_evaluated' });
    expect(standings(state(submitted)).wave).toBe('later');
    expect(standings(evaluated, [], waves({ application: application() })).wave).toBe('now');
    expect(standings(evaluated, [], waves({ application: application({ state: 'not_accepted' }) })).wave).toBe('now');
    expect(standings(evaluated, [], waves({ application: application({ state: 'accepted' }) })).wave).toBe('done');
  });

  it('counts a training only once central has said so', () => {
    expect(standings(state(submitted), [activity({ is: 'requested' })]).training).toBe('open');
    expect(standings(state(submitted), [activity({ is: 'enrolled', state: 'scheduled' })]).training).toBe('done');
    expect(standings(state(submitted), [activity({ is: 'enrolled', state: 'cancelled' })]).training).toBe('open');
  });

  it('counts the three preparations', () => {
    expect(preparationsDone(state({ account: { state: 'none' } }))).toBe(0);
    expect(preparationsDone(state())).toBe(2);
    expect(preparationsDone(state(submitted))).toBe(3);
  });
});
