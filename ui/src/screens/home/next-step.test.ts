import { describe, expect, it } from 'vitest';
import type { ActivityRow, AppState, Preparations, SyncSummary } from '../../ipc/types';
import { journey, nextStep, preparationsDone } from './next-step';

interface Patch {
  account?: AppState['account'];
  preparations?: Partial<Preparations>;
  sync?: Partial<SyncSummary>;
}

function state(patch: Patch = {}): AppState {
  return {
    version: '0.1.0',
    settings: { language: 'id', theme: 'system', text_percent: 100 },
    central: { url: 'https://pusat.contoh.id', source: 'built_in', operator: null, demo: false },
    vault: { state: 'open', by: 'keyring' },
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
    registration: null,
    unread_notices: 0,
    member: false,
  };
}
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
      state({ account: { state: 'awaiting_code', email: 'a@b.id' } }),
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
    expect(nextStep(app, activities)).toEqual(expected);
  });
});

describe('the journey', () => {
  const standings = (app: AppState, activities: ActivityRow[] = []) =>
    Object.fromEntries(journey(app, activities).map((one) => [one.stage, one.standing]));

  it('never claims what this version cannot do', () => {
    const all = standings(state(submitted), [activity({ is: 'enrolled', state: 'completed' })]);
    expect([all.wave, all.certificate, all.incentive]).toEqual(['later', 'later', 'later']);
  });

  it('has exactly one "now" while something is left', () => {
    expect(standings(state())).toMatchObject({
      connection: 'done',
      account: 'done',
      personal: 'now',
      training: 'open',
    });
    expect(standings(state(submitted))).toMatchObject({ personal: 'done', training: 'now' });
  });

  it('counts a training only once central has said so', () => {
    expect(standings(state(submitted), [activity({ is: 'requested' })]).training).toBe('now');
    expect(standings(state(submitted), [activity({ is: 'enrolled', state: 'scheduled' })]).training).toBe('done');
    expect(standings(state(submitted), [activity({ is: 'enrolled', state: 'cancelled' })]).training).toBe('now');
  });

  it('counts the three preparations', () => {
    expect(preparationsDone(state({ account: { state: 'none' } }))).toBe(0);
    expect(preparationsDone(state())).toBe(2);
    expect(preparationsDone(state(submitted))).toBe(3);
  });
});
