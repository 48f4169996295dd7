// What the fake knows of the test, the waves, the result and the notices, and the points of the way at which somebody
// can begin to look. Everybody in it is invented.

import { moveTo } from './fake-registration-world';
import { ITEMS } from './fake-test-items';
import type { World } from './fake-world';
import type {
  ApplicationView,
  MembershipView,
  NoticeKind,
  NoticeRow,
  RegistrationState,
  RegistrationView,
  SelectionRow,
  TestView,
  WaveRow,
  WavesView,
} from './types';

export interface Programme {
  test: TestView;
  waves: WavesView;
  membership: MembershipView | null;
  cardNumber: string;
  notices: NoticeRow[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 23.59 in Jakarta, so many days from now. */
function endOfDay(days: number): number {
  const jakarta = 7 * HOUR;
  const midnight = Math.floor((Date.now() + jakarta) / DAY) * DAY - jakarta;
  return midnight + (days + 1) * DAY - MINUTE;
}

const BLIND = '3f9c07b1e5a84d26b0c71f5e92d8a463';
const DIGEST = 'c41e0d7a92b65f38e1477bc0d95a26f8813ec4b70f9d52a6e8b31c7d40f6a95e';

export function wave(patch: Partial<WaveRow> = {}): WaveRow {
  const closes_at = endOfDay(4);
  return {
    number: 72,
    state: 'open',
    opens_at: Date.now() - DAY,
    closes_at,
    late_until: closes_at + DAY,
    results_expected_at: endOfDay(7),
    quota: 50_000,
    my_region_quota: 1_200,
    provinces: ['Kepulauan Riau', 'Sulawesi Utara', 'Bali'],
    for_me: true,
    scheme: '2023',
    total_idr: 4_200_000,
    training_aid_idr: 3_500_000,
    first_purchase_days: 15,
    consents: [
      {
        id: 'card_agreement',
        text: {
          id: 'Saya memahami bahwa seleksi dilakukan secara acak setelah gelombang ditutup, dan saya bersedia mengikuti ketentuan Kartu Prakerja.',
          en: 'I understand that the selection is at random after the wave has closed, and I will follow the rules of the Kartu Prakerja.',
        },
        given: false,
      },
      {
        id: 'return_if_wrong',
        text: {
          id: 'Saya bersedia mengembalikan bantuan dalam 60 hari jika ternyata saya tidak berhak.',
          en: 'I will return the aid within 60 days if it turns out that I had no right to it.',
        },
        given: false,
      },
    ],
    selection: null,
    joinable: true,
    ...patch,
  };
}

export function selection(patch: Partial<SelectionRow> = {}): SelectionRow {
  return {
    commitment: DIGEST,
    entries: 5_678,
    download_bytes: 412_000,
    committed_at: Date.now() - 5 * HOUR,
    published_at: null,
    verified: null,
    ...patch,
  };
}

export function application(patch: Partial<ApplicationView> = {}): ApplicationView {
  return {
    application: '01970000-0000-7000-8000-000000000001',
    wave: 72,
    state: 'joined_waiting_close',
    counted: 'in_time',
    delivery: { state: 'received', at: Date.now() - 2 * HOUR, receipt: 'PK-9D2K-40' },
    refused: null,
    blind: BLIND,
    class: 'general',
    drawn: null,
    command: null,
    ...patch,
  };
}

export function membership(patch: Partial<MembershipView> = {}): MembershipView {
  const until = endOfDay(11);
  return {
    state: 'appointed',
    number_masked: '**** **** **** 4172',
    balance_idr: 3_500_000,
    scheme: '2023',
    wave: 71,
    decree: 'SK-071/2026',
    appointed_at: Date.now() - 3 * DAY,
    first_purchase_until: until,
    awaits_first_purchase: true,
    reminders: [10, 5, 3, 1].map((days) => ({ days, at: until - days * DAY })),
    now: Date.now(),
    ...patch,
  };
}

let made = 0;
export function notice(what: NoticeKind, ago: number, patch: Partial<NoticeRow> = {}): NoticeRow {
  made += 1;
  const id = `01980000-0000-7000-8000-${String(made).padStart(12, '0')}`;
  return { id, what, at: Date.now() - ago, numbers: {}, note: null, unread: false, ...patch };
}

export function freshProgramme(): Programme {
  return {
    test: {
      stage: { is: 'not_yet' },
      items_total: ITEMS.length,
      duration_s: 2400,
      evaluate_within_s: 300,
      paper: null,
    },
    waves: {
      waves: [wave({ joinable: false })],
      none_open: false,
      next_opens_at: null,
      application: null,
      refused: 'too_early',
      member: false,
      my_province: 'Bali',
      as_of: Date.now() - 10 * MINUTE,
    },
    membership: null,
    cardNumber: '8812004455664172',
    notices: [],
  };
}

/** The running test: so many minutes left, the first item answered. */
export function begin(programme: Programme, minutes = 38, answered = 1): void {
  const now = Date.now();
  programme.test.stage = { is: 'running' };
  programme.test.paper = {
    attempt: '01990000-0000-7000-8000-000000000001',
    now,
    ends_at: now + minutes * MINUTE,
    items: ITEMS.map((item, at) => ({ ...item, answer: at < answered ? 'a' : null })),
    unsent: 0,
  };
}

function offline(world: World, waiting: number): void {
  world.state.sync = { ...world.state.sync, online: false, status: 'waiting', waiting };
}

/** The registration stands here, by what central said last. */
function standAt(world: World, state: RegistrationState, patch: Partial<RegistrationView> = {}): void {
  const { preparations } = world.state;
  preparations.personal_submitted = true;
  preparations.personal_filled = preparations.personal_total;
  world.state.registration = state;
  moveTo(world.registration, state, { phone: { ends_with: '7890', verified_at: Date.now() - 2 * DAY }, ...patch });
}

/** Everything before the wave is done. */
function evaluated(world: World): Programme {
  const { programme } = world;
  standAt(world, 'test_evaluated');
  programme.test.stage = { is: 'passed', at: Date.now() - DAY };
  programme.waves.refused = null;
  programme.waves.waves = [wave()];
  programme.notices = [
    notice('test_passed', DAY),
    notice('test_submitted', DAY + 4 * MINUTE),
    notice('test_started', DAY + 35 * MINUTE),
    notice('phone_verified', 2 * DAY),
    notice('face_verified', 2 * DAY + 10 * MINUTE),
    notice('photo_accepted', 2 * DAY + 40 * MINUTE),
    notice('photo_received', 2 * DAY + 50 * MINUTE),
    notice('identity_matched', 3 * DAY),
  ];
  return programme;
}

function joined(world: World, patch: Partial<ApplicationView> = {}): Programme {
  const programme = evaluated(world);
  programme.waves.application = application(patch);
  programme.waves.refused = 'under_way';
  programme.waves.waves = [wave({ joinable: false })];
  programme.notices.unshift(notice('joined_wave', 2 * HOUR, { numbers: { wave: 72 }, unread: true }));
  world.state.unread_notices = 1;
  return programme;
}

function drawing(world: World, patch: Partial<SelectionRow> = {}): Programme {
  const programme = joined(world, { state: 'processing' });
  const closed = { opens_at: Date.now() - 6 * DAY, closes_at: endOfDay(-2), late_until: endOfDay(-1) };
  programme.waves.waves = [
    wave({
      ...closed,
      state: 'selecting',
      quota: 500,
      my_region_quota: 60,
      joinable: false,
      selection: selection(patch),
    }),
  ];
  programme.waves.none_open = true;
  for (const row of programme.notices) if (row.what === 'joined_wave') row.at -= 14 * HOUR;
  programme.notices.unshift(notice('selection_began', 5 * HOUR, { numbers: { wave: 72 }, unread: true }));
  world.state.unread_notices = 2;
  return programme;
}

function drawn(world: World, accepted: boolean): Programme {
  const published_at = Date.now() - 3 * HOUR;
  const programme = drawing(world, { published_at });
  const place = { position: accepted ? 314 : 1234, of: 5678 };
  programme.waves.waves = programme.waves.waves.map((row) => ({ ...row, state: 'results_published' as const }));
  programme.waves.application = application({
    state: accepted ? 'accepted' : 'not_accepted',
    drawn: { ...place, passed_over: accepted ? null : 'total_full', published_at },
  });
  programme.waves.refused = null;
  programme.notices.unshift(
    notice(accepted ? 'accepted' : 'not_accepted', 3 * HOUR, { numbers: { wave: 72, ...place }, unread: true }),
  );
  world.state.unread_notices = 3;
  return programme;
}

function blocked(world: World): Programme {
  const programme = evaluated(world);
  programme.waves.refused = 'blocked';
  programme.waves.waves = [wave({ joinable: false })];
  const note = 'Satu nomor HP dipakai untuk 14 pendaftaran.';
  const at = Date.now() - 2 * DAY;
  standAt(world, 'test_evaluated', { blocked: { at, reason: 'proxy', note, appeal: null } });
  programme.notices.unshift(notice('blocked', 2 * DAY, { note, unread: true }));
  world.state.unread_notices = 1;
  return programme;
}

/** Points of the way; each begins with somebody who has signed in. */
export const WAY: Record<string, (world: World) => void> = {
  'test-before': (world) => {
    standAt(world, 'test_available');
    world.programme.test.stage = { is: 'available' };
  },
  'test-before-offline': (world) => {
    WAY['test-before']?.(world);
    offline(world, 0);
  },
  'test-running': (world) => {
    standAt(world, 'test_in_progress');
    begin(world.programme);
  },
  'test-last-minutes': (world) => {
    WAY['test-running']?.(world);
    begin(world.programme, 4.2, 5);
  },
  'test-running-offline': (world) => {
    WAY['test-running']?.(world);
    begin(world.programme, 22, 3);
    if (world.programme.test.paper) world.programme.test.paper.unsent = 2;
    offline(world, 2);
  },
  'test-submitted': (world) => {
    standAt(world, 'test_submitted');
    const at = Date.now() - MINUTE;
    world.programme.test.stage = { is: 'submitted', at, result_by: at + 5 * MINUTE, unsent: 0 };
  },
  'test-submitted-offline': (world) => {
    WAY['test-submitted']?.(world);
    world.programme.test.stage = { is: 'submitted', at: Date.now() - MINUTE, result_by: null, unsent: 3 };
    offline(world, 4);
  },
  'test-passed': (world) => void evaluated(world),
  'test-not-passed': (world) => {
    const programme = evaluated(world);
    programme.test.stage = { is: 'not_passed', at: Date.now() - HOUR, may_join: false };
    programme.waves.refused = 'not_passed';
    programme.waves.waves = [wave({ joinable: false })];
  },
  'waves-open': (world) => void evaluated(world),
  'waves-none': (world) => {
    const programme = evaluated(world);
    programme.waves.none_open = true;
    programme.waves.next_opens_at = endOfDay(9) - 12 * HOUR;
    programme.waves.waves = [];
  },
  'waves-announced': (world) => {
    const programme = evaluated(world);
    const opens_at = endOfDay(9) - 12 * HOUR;
    programme.waves.none_open = true;
    programme.waves.next_opens_at = opens_at;
    programme.waves.waves = [wave({ state: 'announced', opens_at, closes_at: endOfDay(14), joinable: false })];
  },
  'waves-region': (world) => {
    const programme = evaluated(world);
    programme.waves.my_province = 'Jawa Timur';
    programme.waves.waves = [wave({ for_me: false, my_region_quota: null, joinable: false })];
  },
  joined: (world) => void joined(world),
  'joined-late': (world) => void joined(world, { counted: 'by_evidence' }),
  'joined-offline': (world) => {
    joined(world, {
      state: null,
      counted: null,
      blind: null,
      class: null,
      delivery: { state: 'waiting', at: Date.now() - 5 * MINUTE },
      command: '01960000-0000-7000-8000-000000000072',
    });
    world.programme.notices.shift();
    world.state.unread_notices = 0;
    world.waiting = [
      {
        command: '01960000-0000-7000-8000-000000000072',
        what: { kind: 'join', wave: 72 },
        delivery: { state: 'waiting', at: Date.now() - 5 * MINUTE },
        cancellable: true,
        attempts: 1,
      },
    ];
    offline(world, 1);
  },
  'join-refused': (world) => {
    const at = Date.now() - HOUR;
    const programme = joined(world, {
      state: null,
      counted: null,
      blind: null,
      class: null,
      delivery: { state: 'needs_you', why: 'wave_closed', at },
      refused: 'wave_closed',
    });
    programme.waves.refused = null;
    programme.waves.waves = [
      wave({ number: 73, joinable: true }),
      wave({ state: 'closed', closes_at: endOfDay(-2), late_until: endOfDay(-1), joinable: false }),
    ];
    programme.notices.shift();
    world.state.unread_notices = 0;
  },
  'selection-before': (world) => void drawing(world),
  'selection-listed': (world) =>
    void drawing(world, { verified: { is: 'listed', at: Date.now() - 20 * MINUTE, entries: 5678 } }),
  'selection-after': (world) => void drawn(world, false),
  'selection-verified': (world) => {
    const { waves } = drawn(world, false).waves;
    if (waves[0]?.selection) waves[0].selection.verified = proof();
  },
  'selection-failed': (world) => {
    const { waves } = drawn(world, false).waves;
    if (waves[0]?.selection) {
      waves[0].selection.verified = { is: 'failed', at: Date.now() - MINUTE, part: 'accepted' };
    }
  },
  accepted: (world) => {
    const programme = drawn(world, true);
    programme.membership = membership({ wave: 72 });
    programme.waves.member = true;
    programme.waves.refused = 'done';
    world.state.member = true;
    programme.notices.unshift(
      notice('balance_credited', 2 * HOUR, { numbers: { amount_idr: 3_500_000 }, unread: true }),
    );
    world.state.unread_notices = 4;
  },
  revoked: (world) => {
    WAY.accepted?.(world);
    world.programme.membership = membership({
      state: 'revoked',
      balance_idr: 0,
      first_purchase_until: Date.now() - 2 * DAY,
      awaits_first_purchase: false,
      reminders: [],
    });
  },
  'not-accepted': (world) => {
    const programme = drawn(world, false);
    programme.waves.waves.unshift(wave({ number: 73 }));
    programme.waves.none_open = false;
  },
  blocked: (world) => void blocked(world),
  'blocked-appealed': (world) => {
    const text = 'Nomor itu milik ibu saya. Kami bertiga mendaftar dari rumah yang sama dan mengisi sendiri.';
    const delivery = { state: 'received', at: Date.now() - HOUR, receipt: 'PK-2B7C-18' } as const;
    blocked(world);
    const { view } = world.registration;
    if (view.blocked) view.blocked.appeal = { text, delivery, granted: null, answer: null };
  },
  'blocked-refused': (world) => {
    WAY['blocked-appealed']?.(world);
    const appeal = world.registration.view.blocked?.appeal;
    if (appeal) Object.assign(appeal, { granted: false, answer: 'Lampirkan bukti kepemilikan nomor HP.' });
  },
};

/** What recomputing the made-up draw comes to. */
export function proof() {
  return {
    is: 'verified',
    at: Date.now(),
    entries: 5678,
    accepted: 500,
    position: 1234,
    mine: false,
    beacon: 'drand round 4,182,771',
  } as const;
}
