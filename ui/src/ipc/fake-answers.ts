// What the fake answers to each command. Typed by the generated list: a command that is missing here does not compile.

import type {
  ActivityRow,
  Commands,
  CommandRow,
  FieldError,
  ProfileField,
  ProfileView,
  SyncView,
  TrainingQuery,
} from './types';
import { refusal, type Fake } from './fake';
import { accountAnswers } from './fake-account';
import { runFakeCheck, stopFakeCheck } from './fake-check';
import { registrationAnswers } from './fake-registration';
import { settleJoin, wavesAnswers } from './fake-waves';

export type Answers = {
  [K in keyof Commands]: (args: Commands[K]['args']) => Commands[K]['result'] | Promise<Commands[K]['result']>;
};

const INTERESTS = [
  { key: 'office', text: { id: 'Administrasi dan perkantoran', en: 'Office and administration' } },
  { key: 'sales', text: { id: 'Penjualan dan pemasaran', en: 'Sales and marketing' } },
  { key: 'technology', text: { id: 'Teknologi informasi', en: 'Information technology' } },
  { key: 'language', text: { id: 'Bahasa asing', en: 'Foreign languages' } },
  { key: 'food', text: { id: 'Kuliner dan pengolahan makanan', en: 'Food and cooking' } },
  { key: 'fashion', text: { id: 'Menjahit dan busana', en: 'Sewing and fashion' } },
  { key: 'machines', text: { id: 'Mesin, listrik, dan otomotif', en: 'Machines, electrics and vehicles' } },
  { key: 'business', text: { id: 'Wirausaha', en: 'Running a business' } },
];

const PROFILE_FIELDS: readonly ProfileField[] = [
  'full_name',
  'nik',
  'kk_number',
  'birth_date',
  'gender',
  'phone',
  'ktp_address',
  'ktp_region',
  'domicile_same_as_ktp',
  'domicile_address',
  'domicile_region',
  'education_level',
  'marital_status',
  'dependants_count',
  'employment_status',
  'training_interests',
];

/** The fake's whole conversation. */
export function answers(fake: Fake): Answers {
  const world = () => fake.world;
  const state = () => fake.world.state;

  function countSync(): void {
    const { sync } = state();
    const waiting = world().waiting;
    sync.needs_you = waiting.filter((row) => row.delivery.state === 'needs_you').length;
    sync.waiting = waiting.length - sync.needs_you;
    sync.status = sync.needs_you > 0 ? 'needs_you' : sync.waiting > 0 ? 'waiting' : 'all_sent';
    fake.emitState();
  }

  function syncView(): SyncView {
    return { summary: state().sync, waiting: world().waiting, received: world().received };
  }

  /** Keeps a command; with a connection it is received after a moment. */
  function push(row: CommandRow): void {
    world().waiting.push(row);
    countSync();
    if (state().sync.online === false) return;
    const deliver = () => receive(row.command);
    if (world().pace === 0) queueMicrotask(deliver);
    else setTimeout(deliver, 1500);
  }

  function receive(command: string): void {
    const index = world().waiting.findIndex((row) => row.command === command);
    const row = world().waiting[index];
    if (!row) return;
    const delivery = { state: 'received', at: Date.now(), receipt: 'PK-7Q4M-22' } as const;
    world().waiting.splice(index, 1);
    world().received.unshift({ ...row, delivery, cancellable: false });
    for (const activity of world().activities) {
      if (activity.command !== command) continue;
      activity.delivery = delivery;
      activity.command = null;
      activity.activity =
        activity.activity.is === 'cancelling'
          ? { is: 'enrolled', state: 'cancelled' }
          : { is: 'enrolled', state: 'seat_confirmed' };
      activity.cancellable = activity.activity.state !== 'cancelled';
    }
    if (row.what.kind === 'profile') world().profile.delivery = delivery;
    settleJoin(fake, command, true);
    state().sync.last_sync_at = Date.now();
    countSync();
    fake.emitChanged('activities');
    fake.emitChanged('profile');
    fake.emitChanged('sync');
  }

  function errorsIn(fields: readonly ProfileField[]): FieldError[] {
    const values = world().profile.values;
    const elsewhere = values.domicile_same_as_ktp === 'no';
    return fields
      .filter((field) => elsewhere || (field !== 'domicile_address' && field !== 'domicile_region'))
      .filter((field) => (values[field] ?? '').trim() === '')
      .map((field) => ({ field, code: 'required' as const }));
  }

  /** Puts what was typed on its way. */
  function confirmProfile(): ProfileView {
    const delivery = { state: 'waiting', at: Date.now() } as const;
    world().profile = { ...world().profile, delivery, has_changes: false };
    state().preparations.personal_submitted = true;
    push({
      command: crypto.randomUUID(),
      what: { kind: 'profile', fields: PROFILE_FIELDS.length },
      delivery,
      cancellable: false,
      attempts: 0,
    });
    return world().profile;
  }

  return {
    ...accountAnswers(fake),
    ...registrationAnswers(fake, confirmProfile),
    ...wavesAnswers(fake, push),
    get_state: () => state(),
    set_settings: ({ settings }) => {
      const { central_url, ...rest } = settings;
      if (central_url !== undefined) {
        if (central_url !== '' && !/^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost)/.test(central_url)) {
          throw refusal('bad_address');
        }
        state().central.url = central_url || 'https://api.prakerja-desktop.example';
        state().central.source = central_url === '' ? 'built_in' : 'settings';
      }
      Object.assign(state().settings, rest);
      return state();
    },
    create_vault: ({ passphrase }) => {
      if (passphrase.length < 12) {
        throw refusal('validation', {
          fields: [{ field: 'passphrase', code: 'too_short', params: { min: 12, actual: passphrase.length } }],
        });
      }
      state().vault = { state: 'open', by: 'passphrase' };
      return state();
    },
    unlock_vault: ({ passphrase }) => {
      if (passphrase === 'salah') throw refusal('wrong_passphrase');
      state().vault = { state: 'open', by: passphrase === null ? 'keyring' : 'passphrase' };
      return state();
    },
    set_aside_vault: () => {
      state().vault = { state: 'open', by: 'keyring' };
      return state();
    },
    get_choices: () => ({
      provinces: [
        { code: '21', name: 'Kepulauan Riau' },
        { code: '51', name: 'Bali' },
        { code: '71', name: 'Sulawesi Utara' },
      ],
      marital_statuses: ['single', 'married', 'divorced', 'widowed'],
      training_interests: INTERESTS,
      education_levels: ['none', 'sd', 'smp', 'sma_smk', 'd1_d3', 'd4_s1', 's2', 's3'],
      employment_statuses: [
        'job_seeker',
        'laid_off',
        'furloughed',
        'employee',
        'non_wage_worker',
        'micro_small_business',
        'student',
      ],
      excluding_statuses: { student: 'not_target_group' },
      min_age: world().registration.eligibility.min_age,
      max_age: world().registration.eligibility.max_age,
    }),
    start_check: () => runFakeCheck(fake),
    get_check: () => world().check,
    stop_check: () => stopFakeCheck(fake),
    watch_connection: ({ on }) => {
      world().check = { ...world().check, watching: on };
      return null;
    },
    get_check_details: () => 'verdict stable\ntries 30 failed 1 median 180 ms p95 640 ms',
    open_login_page: () => null,
    get_profile: () => world().profile,
    save_profile_field: ({ field, value }) => {
      const profile = world().profile;
      profile.values[field] = value;
      profile.saved_at = Date.now();
      profile.has_changes = true;
      state().preparations.personal_filled = PROFILE_FIELDS.length - errorsIn(PROFILE_FIELDS).length;
      fake.emitState();
      return { saved_at: profile.saved_at };
    },
    check_profile_fields: ({ fields }) => ({ errors: errorsIn(fields), warnings: world().profile.warnings }),
    submit_profile: () => {
      const fields = errorsIn(PROFILE_FIELDS);
      if (fields.length > 0) throw refusal('validation', { fields });
      return confirmProfile();
    },
    search_trainings: ({ query }) => search(query),
    get_training: ({ training }) => {
      const found = world().trainings.find((one) => one.row.id === training);
      if (!found) throw refusal('not_found');
      return found;
    },
    request_enrolment: ({ training, schedule }) => {
      const found = world().trainings.find((one) => one.row.id === training);
      if (!found) throw refusal('not_found');
      if (found.row.mine) throw refusal('already_enrolled');
      const command = crypto.randomUUID();
      const delivery = { state: 'waiting', at: Date.now() } as const;
      found.row.mine = { is: 'requested' };
      const row: ActivityRow = {
        enrolment: crypto.randomUUID(),
        training,
        title: found.row.title,
        method: found.row.method,
        schedule: found.schedules.find((one) => one.id === schedule) ?? null,
        activity: { is: 'requested' },
        delivery,
        command,
        cancellable: true,
      };
      world().activities.unshift(row);
      push({
        command,
        what: { kind: 'enrol', title: found.row.title },
        delivery,
        cancellable: true,
        attempts: 0,
      });
      return row;
    },
    cancel_enrolment: ({ enrolment }) => {
      const row = world().activities.find((one) => one.enrolment === enrolment);
      if (!row) throw refusal('not_found');
      const command = crypto.randomUUID();
      const delivery = { state: 'waiting', at: Date.now() } as const;
      Object.assign(row, { activity: { is: 'cancelling' }, delivery, command, cancellable: false });
      const title = row.title;
      push({ command, what: { kind: 'cancel_enrolment', title }, delivery, cancellable: true, attempts: 0 });
      return row;
    },
    list_activities: () => world().activities,
    get_sync: () => syncView(),
    sync_now: () => {
      for (const row of [...world().waiting]) receive(row.command);
      return syncView();
    },
    cancel_command: ({ command }) => {
      world().waiting = world().waiting.filter((row) => row.command !== command);
      world().activities = world().activities.filter((row) => row.command !== command);
      settleJoin(fake, command, false);
      countSync();
      return syncView();
    },
    resolve_conflict: ({ command }) => {
      world().waiting = world().waiting.filter((row) => row.command !== command);
      world().profile = { ...world().profile, conflict: null };
      countSync();
      return syncView();
    },
    copy_text: () => null,
  };

  function search(query: TrainingQuery) {
    const words = query.text.toLowerCase().split(/\s+/).filter(Boolean);
    const all = world().trainings;
    const hits = all.filter(({ row, field }) => {
      const text = `${row.title} ${field} ${row.institution}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) return false;
      if (query.methods.length > 0 && !query.methods.includes(row.method)) return false;
      if (query.free_only && !row.free) return false;
      return !query.with_seat || row.seats !== 'full';
    });
    return {
      total: hits.length,
      stored: all.length,
      as_of: Date.now() - 3_600_000,
      rows: hits.slice(query.offset, query.offset + query.limit).map((one) => one.row),
    };
  }
}
