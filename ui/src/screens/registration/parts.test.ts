import { describe, expect, it } from 'vitest';
import { fakeSteps } from '../../ipc/fake-registration-world';
import type { Delivery, Preparations, RegistrationState, RegistrationView } from '../../ipc/types';
import { blockReason, doneOf, nextPart, partsOf, type PartName, type Standing } from './parts';

const prepared: Preparations = {
  connection: null,
  account: true,
  personal_filled: 14,
  personal_total: 14,
  personal_submitted: true,
};

function view(state: RegistrationState, blocked = false): RegistrationView {
  return {
    case_number: null,
    scheme: '2023',
    family_max: 2,
    test_duration_s: 2_400,
    state,
    since: null,
    steps: fakeSteps(state, blocked),
    identity: null,
    face: null,
    phone: null,
    excluded: [],
    blocked: null,
    appeal: null,
    heard_at: null,
  };
}

function standings(one: RegistrationView, preparations = prepared): Record<PartName, Standing> {
  const parts = partsOf(one, preparations);
  return Object.fromEntries(parts.map((part) => [part.name, part.standing])) as Record<PartName, Standing>;
}

describe('the parts of a registration', () => {
  it.each<[RegistrationState, Partial<Record<PartName, Standing>>, PartName | null, number]>([
    [
      'not_started',
      { identity: 'possible', photo: 'possible', face: 'later', declarations: 'possible' },
      'identity',
      1,
    ],
    ['nik_submitted', { identity: 'under_way', photo: 'possible' }, 'photo', 1],
    ['nik_mismatch', { identity: 'needs_you' }, 'identity', 1],
    ['kk_quota_full', { identity: 'needs_you' }, 'identity', 1],
    ['profile_completed', { identity: 'done', photo: 'possible', face: 'later' }, 'photo', 2],
    ['ktp_photo_submitted', { photo: 'under_way', face: 'later' }, 'declarations', 2],
    ['ktp_photo_rejected', { photo: 'needs_you' }, 'photo', 2],
    ['ktp_photo_accepted', { photo: 'done', face: 'possible', phone: 'later' }, 'face', 3],
    ['face_failed', { face: 'needs_you' }, 'face', 3],
    ['manual_review', { face: 'under_way', phone: 'later' }, 'declarations', 3],
    ['face_verified', { face: 'done', phone: 'possible' }, 'phone', 4],
    ['phone_otp_sent', { phone: 'possible' }, 'phone', 4],
    ['phone_verified', { phone: 'done', declarations: 'possible', test: 'later' }, 'declarations', 5],
    ['test_available', { declarations: 'done', test: 'possible' }, 'test', 6],
    ['test_evaluated', { test: 'done' }, null, 7],
    ['ineligible', { identity: 'closed', photo: 'closed', test: 'closed' }, null, 1],
    ['nik_already_recipient', { identity: 'closed' }, null, 1],
  ])('%s', (state, expected, next, done) => {
    const parts = partsOf(view(state), prepared);
    expect(standings(view(state))).toMatchObject({ profile: 'done', ...expected });
    expect(nextPart(parts)).toBe(next);
    expect(doneOf(parts)).toBe(done);
  });

  it('a block closes what is open and keeps what is done', () => {
    expect(standings(view('face_verified', true))).toMatchObject({
      identity: 'done',
      photo: 'done',
      face: 'done',
      phone: 'closed',
      declarations: 'closed',
    });
  });

  it.each<[Delivery, Standing]>([
    [{ state: 'saved', at: 1 }, 'waiting'],
    [{ state: 'waiting', at: 1 }, 'waiting'],
    [{ state: 'sending', at: 1 }, 'waiting'],
    [{ state: 'received', at: 1, receipt: 'PK' }, 'under_way'],
    [{ state: 'needs_you', why: 'step_refused', at: 1 }, 'needs_you'],
  ])('what was done here and is %o is never called done before the office says so', (delivery, expected) => {
    const one = view('not_started');
    one.steps = one.steps.map((step) => (step.step === 'submit_identity' ? { ...step, delivery } : step));
    expect(standings(one).identity).toBe(expected);
  });

  it('names what needs a connection from the start', () => {
    const online = partsOf(view('not_started'), prepared).filter((part) => part.online);
    expect(online.map((part) => part.name)).toEqual(['face', 'phone', 'test']);
  });

  it('begins with the personal data', () => {
    const parts = partsOf(view('not_started'), { ...prepared, personal_submitted: false });
    expect(nextPart(parts)).toBe('profile');
  });

  it('knows the reasons of a block, and tells others in general', () => {
    expect(blockReason('automation')).toBe('automation');
    expect(blockReason('something_new')).toBe('other');
  });
});
