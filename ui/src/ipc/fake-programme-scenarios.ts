// Points of the way from the test to the result at which somebody can begin to look: `?fake=waves-none#/waves`.

import {
  application,
  begin,
  DAY,
  endOfDay,
  HOUR,
  keepUnsent,
  listed,
  membership,
  MINUTE,
  notice,
  proof,
  selection,
  voided,
  wave,
  type Programme,
} from './fake-programme';
import { deliver, moveTo } from './fake-registration-world';
import type { World } from './fake-world';
import type { ApplicationView, RegistrationState, RegistrationView, SelectionRow } from './types';

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

/** The draw was voided; another one has not been committed to. */
function givenUp(world: World): Programme {
  const programme = drawing(world);
  programme.waves.waves = programme.waves.waves.map((row) => ({
    ...row,
    state: 'closed' as const,
    selection: null,
    voided: [voided()],
  }));
  const { reason } = voided();
  programme.notices.unshift(notice('selection_voided', HOUR, { numbers: { wave: 72 }, note: reason, unread: true }));
  world.state.unread_notices = 3;
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
  standAt(world, 'test_evaluated', { blocked: { at, reason: 'proxy', note } });
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
  'test-elsewhere': (world) => {
    standAt(world, 'test_in_progress');
    world.programme.test.stage = { is: 'running' };
  },
  'test-elsewhere-offline': (world) => {
    WAY['test-elsewhere']?.(world);
    offline(world, 0);
  },
  'test-last-minutes': (world) => {
    WAY['test-running']?.(world);
    begin(world.programme, 4.2, 5);
  },
  'test-running-offline': (world) => {
    WAY['test-running']?.(world);
    begin(world.programme, 22, 3);
    keepUnsent(world.programme, 2);
    offline(world, 2);
  },
  'test-running-unsure': (world) => {
    WAY['test-running-offline']?.(world);
    if (world.programme.test.paper) world.programme.test.paper.certain = false;
  },
  'test-submitted': (world) => {
    standAt(world, 'test_submitted');
    const at = Date.now() - MINUTE;
    world.programme.test.stage = { is: 'submitted', at, result_by: at + 5 * MINUTE, unsent: 0 };
  },
  'test-submitted-offline': (world) => {
    const at = Date.now() - MINUTE;
    standAt(world, 'test_in_progress');
    world.programme.test.stage = { is: 'submitted', at, result_by: null, unsent: 0 };
    deliver(world.registration, 'submit_test', { state: 'waiting', at });
    keepUnsent(world.programme, 3);
    offline(world, 4);
  },
  'test-submitted-refused': (world) => {
    WAY['test-submitted']?.(world);
    world.programme.test.refused = 2;
  },
  'test-passed': (world) => void evaluated(world),
  'test-not-passed': (world) => {
    const programme = evaluated(world);
    programme.test.stage = { is: 'not_passed', at: Date.now() - HOUR, may_join: false };
    programme.waves.waves = [wave({ joinable: false, refused: 'not_passed' })];
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
    programme.waves.waves = [
      wave({ for_me: false, my_province: 'Jawa Timur', my_region_quota: null, joinable: false }),
    ];
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
  'selection-listed': (world) => void drawing(world, { verified: listed({ at: Date.now() - 20 * MINUTE }) }),
  'selection-voided': (world) => void givenUp(world),
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
    world.programme.notices.unshift(
      notice('membership_revoked', HOUR, { numbers: { wave: 72, first_purchase_until: Date.now() - 2 * DAY } }),
    );
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
    view.appeal = { text, delivery, open: true, granted: null, answered_at: null, answer: null };
  },
  'blocked-refused': (world) => {
    WAY['blocked-appealed']?.(world);
    const appeal = world.registration.view.appeal;
    const answer = 'Lampirkan bukti kepemilikan nomor HP.';
    if (appeal) Object.assign(appeal, { open: false, granted: false, answered_at: Date.now() - HOUR, answer });
  },
  'blocked-returned': (world) => {
    WAY['blocked-appealed']?.(world);
    const appeal = world.registration.view.appeal;
    const delivery = { state: 'needs_you', why: 'step_refused', at: Date.now() - HOUR } as const;
    if (appeal) Object.assign(appeal, { open: false, delivery });
  },
  'blocked-granted': (world) => {
    WAY['blocked-appealed']?.(world);
    standAt(world, 'test_evaluated', { blocked: null });
    const { appeal } = world.registration.view;
    const answer = 'Benar, maaf. Akunmu dibuka lagi.';
    if (appeal) Object.assign(appeal, { open: false, granted: true, answered_at: Date.now() - HOUR, answer });
  },
};
