import { describe, expect, it } from 'vitest';
import type { AccountView, ActivityState, ScheduleRow, TrainingDetail } from '../../ipc/types';
import { holds, offerOf, onlyOpenRun } from './offer';

const signedIn: AccountView = { state: 'signed_in', email: 'sari@contoh.id', first_name: 'Sari' };
const run = (patch: Partial<ScheduleRow> = {}): ScheduleRow => ({
  id: 'run-1',
  starts_on: '2026-12-07',
  ends_on: '2026-12-11',
  time: '09.00-15.00',
  city: 'Batam',
  address: 'Jl. Satu',
  closes_at: 1_790_000_000_000,
  closed: false,
  seats: 'plenty',
  ...patch,
});
function training(row: Partial<TrainingDetail['row']>, schedules: ScheduleRow[] = []): TrainingDetail {
  return {
    row: {
      id: 't',
      title: 'Las',
      method: 'in_person',
      institution: 'BLK',
      platform: 'BLK',
      free: true,
      price_idr: 0,
      hours: 40,
      rating_x10: null,
      ratings: 0,
      city: null,
      starts_on: null,
      seats: null,
      mine: null,
      ...row,
    },
    summary: '',
    field: '',
    needs: [],
    schedules,
    as_of: null,
    now: 1_780_000_000_000,
  };
}

describe('what can be done about a training', () => {
  it.each([
    ['a free one with an open run', training({}, [run()]), signedIn, { kind: 'open', needsSchedule: true }],
    ['free e-learning', training({ method: 'self_paced' }), signedIn, { kind: 'open', needsSchedule: false }],
    ['a paid one', training({ free: false, price_idr: 850_000 }, [run()]), signedIn, { kind: 'paid' }],
    ['without account', training({}, [run()]), { state: 'none' } as AccountView, { kind: 'needs_account' }],
    ['all closed', training({}, [run({ closed: true })]), signedIn, { kind: 'closed' }],
    ['no run at all', training({}), signedIn, { kind: 'closed' }],
    ['open ones full', training({}, [run({ closed: true }), run({ seats: 'full' })]), signedIn, { kind: 'full' }],
    [
      'asked for',
      training({ mine: { is: 'requested' } }, [run()]),
      signedIn,
      { kind: 'mine', activity: { is: 'requested' } },
    ],
    ['refused before', training({ mine: { is: 'refused' } }, [run()]), signedIn, { kind: 'open', needsSchedule: true }],
  ])('%s', (_case, detail, account, expected) => {
    expect(offerOf(detail, account)).toEqual(expected);
  });

  it('needs a session to send, not to ask: somebody whose session ended can still ask', () => {
    const account: AccountView = { state: 'sign_in_needed', email: 'sari@contoh.id', first_name: null };
    expect(offerOf(training({ method: 'self_paced' }), account).kind).toBe('open');
  });

  it.each<[ActivityState, boolean]>([
    [{ is: 'requested' }, true],
    [{ is: 'cancelling' }, true],
    [{ is: 'refused' }, false],
    [{ is: 'enrolled', state: 'scheduled' }, true],
    [{ is: 'enrolled', state: 'completed' }, true],
    [{ is: 'enrolled', state: 'cancelled' }, false],
    [{ is: 'enrolled', state: 'cancelled_by_institution' }, false],
  ])('%o stands in the way: %s', (activity, expected) => {
    expect(holds(activity)).toBe(expected);
  });

  it('chooses a run from the start only when there is no choice', () => {
    expect(onlyOpenRun([run(), run({ id: 'run-2', closed: true })])).toBe('run-1');
    expect(onlyOpenRun([run(), run({ id: 'run-2' })])).toBeNull();
    expect(onlyOpenRun([])).toBeNull();
  });
});
