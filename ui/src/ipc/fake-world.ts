// What the fake knows, and the scenarios it can start in. Everybody in it is invented.

import type {
  ActivityRow,
  AppState,
  CheckView,
  CommandRow,
  PendingCode,
  ProfileView,
  SessionRow,
  Stage,
  TrainingDetail,
  Verdict,
} from './types';
import { ACCOUNT_SCENARIOS } from './fake-account-scenarios';
import { freshProgramme, type Programme } from './fake-programme';
import { WAY } from './fake-programme-scenarios';
import { REGISTRATION_SCENARIOS } from './fake-registration-scenarios';
import { freshRegistration, type RegistrationWorld } from './fake-registration-world';
import { TRAININGS } from './fake-trainings';
import { halfTyped, inConflict, inTheMiddle, signedIn, wholeTyped } from './fake-work';

export interface World {
  state: AppState;
  check: CheckView;
  /** What the next check comes to. */
  nextVerdict: Verdict;
  /** Milliseconds between two tries of the fake check; 0 in tests: everything at once. */
  pace: number;
  pending: PendingCode | null;
  code: string;
  /** Wrong codes that are still taken; none: locked. */
  guesses: number;
  /** Addresses of accounts that had signed out here. */
  copies: string[];
  sessions: SessionRow[];
  profile: ProfileView;
  trainings: TrainingDetail[];
  activities: ActivityRow[];
  waiting: CommandRow[];
  received: CommandRow[];
  registration: RegistrationWorld;
  programme: Programme;
}

export const STAGES: readonly Stage[] = ['name', 'reach', 'secure', 'api', 'portal', 'quality', 'upload'];

export function freshCheck(): CheckView {
  return {
    running: false,
    stages: STAGES.map((stage) => ({ stage, state: 'waiting', ms: null, fact: null })),
    samples: [],
    samples_planned: 30,
    figures: null,
    verdict: null,
    sign_up: 'open',
    next_at: null,
    started_at: null,
    clock_skew_ms: null,
    watching: false,
  };
}

export function freshWorld(): World {
  return {
    state: {
      turn: 0,
      version: '0.1.0',
      settings: { language: 'id', theme: 'system', text_percent: 100, photo_sending: 'automatic' },
      central: { url: 'http://127.0.0.1:8787', source: 'environment', operator: null, demo: true },
      vault: { state: 'open', by: 'keyring' },
      account: { state: 'none' },
      closing_asked: false,
      preparations: {
        connection: null,
        account: false,
        personal_filled: 0,
        personal_total: 16,
        personal_submitted: false,
      },
      sync: { status: 'idle', waiting: 0, needs_you: 0, online: null, last_sync_at: null, next_try_at: null },
      registration: null,
      unread_notices: 0,
      member: false,
      metered: null,
    },
    check: freshCheck(),
    nextVerdict: 'stable',
    pace: 60,
    pending: null,
    code: '123456',
    guesses: 5,
    copies: [],
    sessions: [
      {
        session: '01920000-0000-7000-8000-000000000001',
        device_name: 'Laptop rumah (Linux)',
        created_at: Date.now() - 3 * 86_400_000,
        used_at: Date.now() - 60_000,
        current: true,
      },
      {
        session: '01920000-0000-7000-8000-000000000002',
        device_name: 'PC Warnet Melati (Windows)',
        created_at: Date.now() - 20 * 86_400_000,
        used_at: Date.now() - 5 * 86_400_000,
        current: false,
      },
    ],
    profile: {
      values: {},
      warnings: [],
      saved_at: null,
      delivery: null,
      has_changes: false,
      refused: [],
      frozen: {},
      conflict: null,
      phone_in_use: null,
    },
    trainings: structuredClone([...TRAININGS]),
    activities: [],
    waiting: [],
    received: [],
    registration: freshRegistration(),
    programme: freshProgramme(),
  };
}

/** Points of the way from the test to the result. */
const THE_WAY = Object.fromEntries(
  Object.entries(WAY).map(([name, change]) => [
    name,
    (world: World) => {
      signedIn(world);
      change(world);
    },
  ]),
);

/** Starting points for people who look at the window: `?fake=<name>`. */
export const SCENARIOS: Record<string, (world: World) => void> = {
  ...THE_WAY,
  fresh: () => {},
  ...ACCOUNT_SCENARIOS,
  ...REGISTRATION_SCENARIOS,
  english: (world) => {
    world.state.settings.language = 'en';
  },
  dark: (world) => {
    world.state.settings.theme = 'dark';
  },
  inside: signedIn,
  offline: (world) => {
    signedIn(world);
    world.state.sync = {
      ...world.state.sync,
      status: 'waiting',
      waiting: 3,
      online: false,
      last_sync_at: Date.now() - 7_200_000,
    };
  },
  half: (world) => {
    signedIn(world);
    halfTyped(world);
  },
  whole: (world) => {
    signedIn(world);
    wholeTyped(world);
  },
  draft: halfTyped,
  middle: (world) => {
    signedIn(world);
    inTheMiddle(world);
  },
  'middle-offline': (world) => {
    signedIn(world);
    inTheMiddle(world);
    world.state.sync = { ...world.state.sync, status: 'waiting', online: false };
  },
  conflict: (world) => {
    signedIn(world);
    inConflict(world);
  },
  'no-catalogue': (world) => {
    signedIn(world);
    world.trainings = [];
  },
  passphrase: (world) => {
    world.state.vault = { state: 'needs_passphrase', why: 'absent' };
  },
  'passphrase-locked': (world) => {
    world.state.vault = { state: 'needs_passphrase', why: 'locked' };
  },
  locked: (world) => {
    world.state.vault = { state: 'locked', by: 'passphrase' };
  },
  'locked-keyring': (world) => {
    world.state.vault = { state: 'locked', by: 'keyring' };
  },
  broken: (world) => {
    world.state.vault = { state: 'broken', why: 'wrong_key', path: '/home/sari/.local/share/prakerja/applicant.db' };
  },
};
