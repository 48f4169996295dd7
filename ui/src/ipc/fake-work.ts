// A world in the middle of things: personal data half or wholly typed, activities in every state, things that wait,
// that need the person, that were received. For people who look at the window and for tests.

import type { World } from './fake-world';
import type { ActivityRow, CommandRow, ProfileField, TrainingDetail } from './types';

const MINUTE = 60_000;

export const PERSONAL: Record<ProfileField, string> = {
  full_name: 'Sari Wulandari',
  nik: '2171 0141 0203 0001',
  kk_number: '2171010506180007',
  birth_date: '2003-02-01',
  gender: 'female',
  phone: '0812 3456 7890',
  ktp_address: 'Jl. Kenanga No. 5, RT 01/RW 02',
  ktp_region: '2171111001',
  domicile_same_as_ktp: 'yes',
  domicile_address: '',
  domicile_region: '',
  education_level: 'sma_smk',
  marital_status: 'married',
  dependants_count: '2',
  employment_status: 'laid_off',
  training_interests: 'office,technology',
};

/** Signed in, with a connection. */
export function signedIn(world: World): void {
  const { state } = world;
  state.account = { state: 'signed_in', email: 'sari.wulandari@contoh.id', first_name: 'Sari' };
  state.preparations.account = true;
  state.preparations.connection = { verdict: 'stable', at: Date.now() - 120_000 };
  state.sync = { ...state.sync, status: 'all_sent', online: true, last_sync_at: Date.now() - 60_000 };
}

/** Four of sixteen fields typed. */
export function halfTyped(world: World): void {
  const { full_name, nik, kk_number, phone } = PERSONAL;
  world.profile.values = { full_name, nik, kk_number, phone };
  world.profile.saved_at = Date.now() - 4 * MINUTE;
  world.profile.has_changes = true;
  world.state.preparations.personal_filled = 4;
}

/** All typed, nothing confirmed yet, with something odd in it. */
export function wholeTyped(world: World): void {
  world.profile.values = { ...PERSONAL };
  world.profile.saved_at = Date.now() - 4 * MINUTE;
  world.profile.has_changes = true;
  world.profile.warnings = ['birth_date_differs'];
  world.state.preparations.personal_filled = 14;
  world.state.preparations.personal_total = 14;
}

function activity(world: World, n: number, patch: Partial<ActivityRow>): ActivityRow {
  const { row, schedules } = world.trainings[n] as TrainingDetail;
  const made: ActivityRow = {
    enrolment: `01950000-0000-7000-8000-00000000000${n}`,
    training: row.id,
    title: row.title,
    method: row.method,
    schedule: schedules[0] ?? null,
    activity: { is: 'requested' },
    delivery: { state: 'waiting', at: Date.now() - 12 * MINUTE },
    command: `01960000-0000-7000-8000-00000000000${n}`,
    cancellable: true,
    ...patch,
  };
  row.mine = made.activity;
  return made;
}

/** Confirmed data, activities in every state, and a queue of all kinds. */
export function inTheMiddle(world: World): void {
  const at = Date.now() - 40 * MINUTE;
  const received = { state: 'received', at, receipt: 'PK-7Q4M-22' } as const;
  wholeTyped(world);
  world.profile.warnings = [];
  world.profile.has_changes = false;
  world.profile.delivery = received;
  world.state.preparations.personal_submitted = true;
  world.activities = [
    activity(world, 0, {}),
    activity(world, 1, { activity: { is: 'enrolled', state: 'in_progress' }, delivery: received, command: null }),
    activity(world, 3, { delivery: { state: 'needs_you', why: 'seat_full', at }, activity: { is: 'refused' } }),
    activity(world, 4, { activity: { is: 'cancelling' }, delivery: { state: 'sending', at }, cancellable: false }),
    activity(world, 7, { delivery: { state: 'saved', at: Date.now() - MINUTE } }),
  ];
  const command = (n: number, patch: Partial<CommandRow>): CommandRow => ({
    command: `01960000-0000-7000-8000-00000000000${n}`,
    what: { kind: 'enrol', title: world.trainings[n]?.row.title ?? '' },
    delivery: { state: 'waiting', at: Date.now() - 12 * MINUTE },
    cancellable: true,
    attempts: 2,
    ...patch,
  });
  world.waiting = [
    command(0, {}),
    command(3, { delivery: { state: 'needs_you', why: 'seat_full', at }, attempts: 1 }),
    command(4, {
      what: { kind: 'cancel_enrolment', title: world.trainings[4]?.row.title ?? '' },
      delivery: { state: 'sending', at },
      cancellable: false,
    }),
    command(7, { delivery: { state: 'saved', at: Date.now() - MINUTE }, attempts: 0 }),
  ];
  world.received = [
    command(1, { delivery: received, cancellable: false, attempts: 1 }),
    command(9, {
      what: { kind: 'profile', fields: 11 },
      delivery: { ...received, receipt: 'PK-3F8T-61' },
      cancellable: false,
    }),
  ];
  world.state.sync = {
    ...world.state.sync,
    status: 'needs_you',
    waiting: 3,
    needs_you: 1,
    next_try_at: Date.now() + MINUTE,
  };
}

/** The same field changed elsewhere. */
export function inConflict(world: World): void {
  inTheMiddle(world);
  const command = '01960000-0000-7000-8000-000000000099';
  world.profile.conflict = {
    command,
    fields: { phone: ['0812 3456 7890', '+6281299990000'], education_level: ['sma_smk', 'd1_d3'] },
  };
  world.profile.delivery = { state: 'needs_you', why: 'conflict', at: Date.now() - MINUTE };
  world.waiting = [
    { command, what: { kind: 'profile', fields: 2 }, delivery: world.profile.delivery, cancellable: true, attempts: 1 },
  ];
}
