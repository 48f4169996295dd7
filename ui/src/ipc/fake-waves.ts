// What the fake answers about the test, the waves, the selection, the membership, the notices and an appeal.

import { refusal, type Fake } from './fake';
import type { Answers } from './fake-answers';
import { application, begin, keepUnsent, listed, proof } from './fake-programme';
import { deliver, moveTo } from './fake-registration-world';
import type { CommandRow, CommandWhat, RegistrationState, TestView, WavesView } from './types';
import { excludes } from '../screens/declarations/open';

type Area =
  | 'get_test'
  | 'start_test'
  | 'answer_test'
  | 'submit_test'
  | 'submit_appeal'
  | 'list_notices'
  | 'read_notices'
  | 'get_waves'
  | 'join_wave'
  | 'verify_selection'
  | 'get_membership'
  | 'reveal_card_number'
  | 'copy_card_number'
  | 'save_deadline_calendar';

/** `push` keeps a command. */
export function wavesAnswers(fake: Fake, push: (row: CommandRow) => void): Pick<Answers, Area> {
  const programme = () => fake.world.programme;
  const online = () => fake.world.state.sync.online !== false;

  function needsConnection(): void {
    if (!online()) throw refusal('offline');
  }

  function queue(what: CommandWhat, cancellable: boolean): CommandRow {
    const delivery = { state: 'waiting', at: Date.now() } as const;
    const row: CommandRow = { command: crypto.randomUUID(), what, delivery, cancellable, attempts: 0 };
    push(row);
    return row;
  }

  function standAt(state: RegistrationState): void {
    moveTo(fake.world.registration, state);
    fake.world.state.registration = state;
    fake.emitState();
  }

  function wait(ms: number): Promise<void> {
    return fake.world.pace === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
  }

  function handIn(at: number): TestView {
    const test = programme().test;
    const unsent = test.paper?.unsent ?? 0;
    const result_by = online() ? at + test.evaluate_within_s * 1000 : null;
    programme().test = {
      ...test,
      paper: null,
      arrive_by: unsent > 0 ? test.arrive_by : null,
      stage: { is: 'submitted', at, result_by, unsent },
    };
    const { delivery } = queue({ kind: 'test' }, false);
    if (online()) {
      standAt('test_submitted');
    } else {
      deliver(fake.world.registration, 'submit_test', delivery);
      fake.emitChanged('registration');
    }
    return programme().test;
  }

  return {
    get_test: () => {
      const { paper } = programme().test;
      // By central's time it hands itself in; by a clock that may be wrong nothing ends.
      if (paper?.certain && paper.ends_at <= Date.now()) return handIn(paper.ends_at);
      if (paper) {
        const passed = Date.now() - paper.now;
        programme().test.paper = { ...paper, now: paper.now + passed };
      }
      return programme().test;
    },
    start_test: async () => {
      needsConnection();
      await wait(600);
      // One that runs goes on: some of its time is over, and an answer arrived from where it was begun.
      if (programme().test.stage.is === 'running') begin(programme(), 31, 1);
      else begin(programme(), programme().test.duration_s / 60, 0);
      standAt('test_in_progress');
      return programme().test;
    },
    answer_test: ({ item, choice }) => {
      const { paper } = programme().test;
      if (!paper || (paper.certain && paper.ends_at <= Date.now())) throw refusal('test_over');
      const found = paper.items.find((one) => one.id === item);
      if (!found) throw refusal('not_found');
      found.answer = choice;
      if (!online()) keepUnsent(programme(), paper.unsent + 1);
      else if (fake.world.pace > 0) setTimeout(() => fake.emitChanged('registration'), 900);
      return { saved_at: Date.now() };
    },
    submit_test: () => handIn(Date.now()),
    submit_appeal: ({ text }) => {
      const { view } = fake.world.registration;
      if (!view.blocked || view.appeal?.granted === false) throw refusal('step_refused');
      if (text.trim() === '') {
        throw refusal('validation', { fields: [{ field: 'text', code: 'required' }] });
      }
      const { delivery } = queue({ kind: 'appeal' }, true);
      view.appeal = { text, delivery, open: true, granted: null, answered_at: null, answer: null };
      return view;
    },
    list_notices: () => programme().notices,
    read_notices: () => {
      for (const row of programme().notices) row.unread = false;
      fake.world.state.unread_notices = 0;
      fake.emitState();
      return null;
    },
    get_waves: () => seen(programme().waves),
    join_wave: ({ wave, answers }) => {
      const { waves } = programme();
      const row = waves.waves.find((one) => one.number === wave);
      if (!row) throw refusal('not_found');
      if (!row.joinable) throw refusal('wave_not_open');
      const open = row.questions.filter((one) => answers[one.id] === undefined);
      if (open.length > 0) {
        const fields = open.map((one) => ({ field: `declaration.${one.id}`, code: 'required' as const }));
        throw refusal('validation', { fields });
      }
      if (row.questions.some((one) => excludes({ ...one, answer: answers[one.id] ?? null }))) {
        throw refusal('scheme_unfit');
      }
      const { command, delivery } = queue({ kind: 'join', wave }, true);
      row.joinable = false;
      const asked = { wave, state: null, counted: null, blind: null, class: null };
      waves.application = application({ ...asked, delivery, command });
      row.application = waves.application;
      return seen(waves);
    },
    verify_selection: async ({ wave }) => {
      needsConnection();
      await wait(2500);
      const { waves } = programme();
      const row = waves.waves.find((one) => one.number === wave)?.selection;
      if (!row) throw refusal('not_found');
      row.verified = row.published_at === null ? listed({ entries: row.entries }) : { ...proof() };
      return seen(waves);
    },
    get_membership: () => programme().membership,
    reveal_card_number: () => {
      if (!programme().membership) throw refusal('not_found');
      return programme().cardNumber;
    },
    copy_card_number: () => {
      if (!programme().membership) throw refusal('not_found');
      return null;
    },
    save_deadline_calendar: () => '/home/sari/Dokumen/batas-waktu-prakerja.ics',
  };
}

/** Each wave with the own application and what refuses it: where a scenario says it once, for all. */
function seen(view: WavesView): WavesView {
  const { application: mine, refused } = view;
  const waves = view.waves.map((row) => ({
    ...row,
    application: row.application ?? (mine?.wave === row.number ? mine : null),
    refused: row.refused ?? (row.joinable ? null : refused),
  }));
  return { ...view, waves };
}

/** Central received a request to join, or it was taken back. */
export function settleJoin(fake: Fake, command: string, received: boolean): void {
  const { waves } = fake.world.programme;
  if (waves.application?.command !== command) return;
  const { wave } = waves.application;
  waves.application = received ? application({ wave }) : null;
  const row = waves.waves.find((one) => one.number === wave);
  if (row) {
    row.application = waves.application;
    row.joinable = !received && row.state === 'open' && row.for_me !== false;
  }
  fake.emitChanged('waves');
}
