// What the fake knows of the test, the waves, the result and the notices. Everybody in it is invented; where
// somebody can begin to look is in `fake-programme-scenarios.ts`.

import { ITEMS } from './fake-test-items';
import type {
  ApplicationView,
  DeclarationRow,
  MembershipView,
  NoticeKind,
  NoticeRow,
  Sealed,
  SelectionProof,
  SelectionRow,
  TestView,
  VoidedDraw,
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

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** 23.59 in Jakarta, so many days from now. */
export function endOfDay(days: number): number {
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
    my_province: 'Bali',
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
    questions: [],
    refused: null,
    unfit: null,
    application: null,
    selection: null,
    voided: [],
    joinable: true,
    ...patch,
  };
}

/** What the scheme of 2020 asks beside that of 2023. */
export function otherAid(): DeclarationRow {
  return {
    id: 'other_aid',
    text: {
      id: 'Apakah kamu atau anggota keluargamu menerima bantuan sosial lain (DTKS, PKH, BPNT, BST, BSU, atau BPUM)?',
      en: 'Do you or a member of your family receive other social aid (DTKS, PKH, BPNT, BST, BSU or BPUM)?',
    },
    answer: null,
    excludes: [true, 'receives_other_aid'],
  };
}

export function voided(patch: Partial<VoidedDraw> = {}): VoidedDraw {
  return {
    commitment: '7be20c94d1f35a8846c0e9b7a1d25f30c8e4716b9fa0d3527c61e8b4f09d2a17',
    committed_at: Date.now() - 30 * HOUR,
    voided_at: Date.now() - 8 * HOUR,
    reason: 'Putaran drand yang disebut tidak pernah terbit.',
    value_known: false,
    kept_at: Date.now() - 29 * HOUR,
    heard_at: Date.now() - 7 * HOUR,
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
    failed_before: null,
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
    left_off: null,
    provable: null,
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
    balance_use_until: endOfDay(60),
    withdrawn: null,
    rules: { first_purchase_days: 15, next_purchase_days: 15, refund_days: 60 },
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
      arrive_by: null,
      refused: 0,
      paper: null,
      now: Date.now(),
    },
    waves: {
      waves: [wave({ joinable: false })],
      none_open: false,
      next_opens_at: null,
      application: null,
      refused: 'too_early',
      member: false,
      provable: true,
      as_of: Date.now() - 10 * MINUTE,
      now: Date.now(),
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
    certain: true,
    items: ITEMS.map((item, at) => ({ ...item, answer: at < answered ? 'a' : null })),
    unsent: 0,
  };
}

/** Answers that could not be sent, and by when they must have arrived. */
export function keepUnsent({ test }: Programme, count: number, arrive_by = Date.now() + 2 * DAY): void {
  if (test.paper) test.paper.unsent = count;
  if (test.stage.is === 'submitted') test.stage.unsent = count;
  test.arrive_by = count === 0 ? null : arrive_by;
}

/** What the made-up commitment fixed before the draw. */
export function sealed(patch: Partial<Sealed> = {}): Sealed {
  return {
    beacon: 'drand mainnet, round 4182771, randomness in hex',
    beacon_due_at: Date.now() - 4 * HOUR,
    kept_at: Date.now() - 5 * HOUR,
    kept_in_time: true,
    kept_short: false,
    ...patch,
  };
}

/** What looking at the made-up list comes to. */
export function listed(patch: Partial<Extract<SelectionProof, { is: 'listed' }>> = {}): SelectionProof {
  const due = sealed({ beacon_due_at: Date.now() + 20 * HOUR });
  return {
    is: 'listed',
    at: Date.now(),
    entries: 5678,
    off_list: false,
    card: { free: 2, others: 0 },
    sealed: due,
    ...patch,
  };
}

/** What recomputing the made-up draw comes to. */
export function proof() {
  return {
    is: 'verified',
    at: Date.now(),
    entries: 5678,
    accepted: 500,
    position: 1234,
    mine: false,
    off_list: false,
    beacon: '8f3c51d90a7742be',
    sealed: sealed(),
  } as const;
}
