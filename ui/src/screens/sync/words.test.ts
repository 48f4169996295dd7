// Every value of the contract has words in both languages: a state without words would be shown as its code.
import { afterEach, describe, expect, it } from 'vitest';
import { en } from '../../i18n/en';
import { id } from '../../i18n/id';
import { locale, say, type Key } from '../../i18n';
import type {
  ActivityState,
  Attention,
  CommandWhat,
  Delivery,
  EnrolmentState,
  PutOff,
  SyncStatus,
} from '../../ipc/types';
import { WAYS_OUT } from './standing';

const DELIVERIES: Record<Delivery['state'], true> = {
  saved: true,
  waiting: true,
  put_off: true,
  sending: true,
  received: true,
  needs_you: true,
};
const PUT_OFF: Record<PutOff, true> = { too_many_tries: true, party_unavailable: true };
const STATUSES: Record<SyncStatus, true> = {
  idle: true,
  all_sent: true,
  waiting: true,
  sending: true,
  needs_you: true,
  busy: true,
  blocked: true,
};
const ENROLMENTS: Record<EnrolmentState, true> = {
  scheduled: true,
  seat_confirmed: true,
  in_progress: true,
  cancelled: true,
  cancelled_by_institution: true,
  completed: true,
};
const ACTIVITIES: Record<Exclude<ActivityState['is'], 'enrolled'>, true> = {
  requested: true,
  cancelling: true,
  refused: true,
};
const KINDS: Record<CommandWhat['kind'], true> = {
  profile: true,
  enrol: true,
  cancel_enrolment: true,
  identity: true,
  photo: true,
  declarations: true,
  test: true,
  join: true,
  appeal: true,
  void: true,
  other: true,
};

const keys: string[] = [
  ...Object.keys(DELIVERIES).flatMap((one) => [`status.${one}`, `sync.since_${one}`]),
  ...Object.keys(PUT_OFF).map((one) => `sync.put_off_${one}`),
  ...[...Object.keys(STATUSES), 'offline', 'stopped'].flatMap((one) => [
    `sync.situation_${one}`,
    `sync.explain_${one}`,
  ]),
  ...[...Object.keys(ENROLMENTS), ...Object.keys(ACTIVITIES)].flatMap((one) => [
    `activities.state_${one}`,
    `trainings.mine_${one}`,
  ]),
  ...Object.keys(WAYS_OUT).map((one) => `sync.attention_${one}`),
  ...Object.keys(KINDS).map((one) => `sync.what_${one}`),
];

afterEach(() => locale.set('id'));

describe.each(['id', 'en'] as const)('words in %s', (language) => {
  it.each(keys)('%s', (key) => {
    locale.set(language);
    const said = say(key as Key, { time: '10.42', waiting: 3, needs_you: 1, title: 'Las', fields: 11, wave: 72 });
    expect(said).not.toBe(key);
    expect(said.trim()).not.toBe('');
    expect(said).not.toMatch(/[{}]/u);
  });

  it('has a sentence of its own for every reason', () => {
    locale.set(language);
    const said = (Object.keys(WAYS_OUT) as Attention[]).map((why) => say(`sync.attention_${why}`));
    expect(new Set(said).size).toBe(said.length);
  });
});

it('has the same placeholders in both languages', () => {
  const marks = (text: string) => [...text.matchAll(/\{\w+\}/gu)].map(String).sort();
  for (const area of ['home', 'profile', 'trainings', 'activities', 'sync'] as const) {
    const [first, second] = [id[area] as Record<string, string>, en[area] as Record<string, string>];
    for (const key of Object.keys(first))
      expect(marks(second[key] ?? ''), `${area}.${key}`).toEqual(marks(first[key] ?? ''));
  }
});

it('never calls something received that only waits', () => {
  for (const dictionary of [id, en]) {
    const saved = ['saved', 'waiting', 'put_off', 'sending', 'needs_you'] as const;
    for (const one of saved) expect(dictionary.sync[`since_${one}`]).not.toMatch(/diterima|received/iu);
    expect(dictionary.sync.since_received).toMatch(/diterima|received/iu);
  }
});
