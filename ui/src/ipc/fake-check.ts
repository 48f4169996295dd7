// A connection check that plays out over a few seconds, for any verdict.

import type { Fake } from './fake';
import { freshCheck } from './fake-world';
import type { CheckView, Stage, Verdict } from './types';

/** Stage at which a verdict shows. */
const FAILS_AT: Partial<Record<Verdict, Stage>> = {
  offline: 'name',
  name_not_found: 'name',
  server_unreachable: 'reach',
  tls_blocked: 'secure',
  clock_wrong: 'secure',
  portal: 'api',
  server_busy: 'api',
  server_down: 'api',
  too_old: 'api',
};

// What the real check says of sign-up and of looking again (`crates/connectivity/src/verdict.rs`).
const OPEN: readonly Verdict[] = ['stable', 'usable'];
const STOPS: readonly Verdict[] = ['offline', 'portal', 'tls_blocked', 'clock_wrong', 'too_old'];

const FACTS: Partial<Record<Stage, string>> = {
  name: 'api.contoh.id',
  reach: 'ipv4',
  secure: 'Contoh Root CA',
  upload: '800000',
};

const TIMES: Record<Stage, number> = {
  name: 24,
  reach: 61,
  secure: 88,
  api: 180,
  portal: 0,
  quality: 20_000,
  upload: 2_400,
};

/** Round trips of a made-up line: number `n`, good or bad. */
function sample(n: number, verdict: Verdict): { ms: number | null } {
  const wave = Math.round(170 + 22 * Math.sin(n * 1.7) + 12 * Math.sin(n * 0.6));
  if (verdict === 'poor') return { ms: n % 5 === 3 ? null : wave * 6 + (n % 4) * 480 };
  if (verdict === 'usable') return { ms: n % 11 === 7 ? null : wave * 4 };
  return { ms: n === 22 ? null : n === 17 ? 640 : wave };
}

/** The check as it looks when it came to `verdict`. */
export function finishedCheck(verdict: Verdict): CheckView {
  const view = freshCheck();
  const failing = FAILS_AT[verdict];
  let failed = false;
  for (const stage of view.stages) {
    if (failed) {
      const portal = stage.stage === 'portal';
      stage.state = portal ? (verdict === 'portal' ? 'failed' : 'passed') : 'skipped';
      continue;
    }
    if (stage.stage === 'portal') {
      stage.state = 'skipped';
      continue;
    }
    stage.state = stage.stage === failing ? 'failed' : 'passed';
    stage.ms = stage.state === 'passed' ? TIMES[stage.stage] : null;
    stage.fact = FACTS[stage.stage] ?? null;
    failed = stage.state === 'failed';
  }
  view.started_at = Date.now() - 24_000;
  view.verdict = verdict;
  view.next_at = OPEN.includes(verdict) || verdict === 'too_old' ? null : Date.now() + 60_000;
  view.sign_up = OPEN.includes(verdict) ? 'open' : STOPS.includes(verdict) ? 'stopped' : 'discouraged';
  view.clock_skew_ms = verdict === 'clock_wrong' ? -2.2e11 : 400;
  if (!failed) {
    view.samples = Array.from({ length: 30 }, (_, n) => sample(n, verdict));
    const good = view.samples.flatMap((one) => (one.ms === null ? [] : [one.ms])).sort((a, b) => a - b);
    view.figures = {
      tries: 30,
      failed: 30 - good.length,
      median_ms: good[Math.floor(good.length / 2)] ?? 0,
      p95_ms: good[Math.floor(good.length * 0.95)] ?? 0,
      jitter_ms: 24,
      upload_bps: verdict === 'poor' ? 60_000 : 800_000,
      photo_s: verdict === 'poor' ? 210 : 12,
    };
  }
  return view;
}

let timer: ReturnType<typeof setTimeout> | undefined;

export function runFakeCheck(fake: Fake): CheckView {
  clearTimeout(timer);
  const done = finishedCheck(fake.world.nextVerdict);
  const finish = () => {
    fake.world.check = done;
    fake.world.state.preparations.connection = { verdict: fake.world.nextVerdict, at: Date.now() };
    fake.emitCheck(done);
    fake.emitState();
  };
  if (fake.world.pace === 0) {
    finish();
    return done;
  }
  const now: CheckView = { ...freshCheck(), running: true, started_at: Date.now() };
  fake.world.check = now;
  const plan: (() => void)[] = [];
  done.stages.forEach((stage, index) => {
    plan.push(() => {
      const at = now.stages[index];
      if (at && stage.state !== 'skipped') at.state = 'running';
    });
    if (stage.stage === 'quality') {
      for (const one of done.samples) plan.push(() => now.samples.push(one));
    }
    plan.push(() => {
      now.stages[index] = stage;
    });
  });
  let next = 0;
  const tick = () => {
    const step = plan[next++];
    if (!step) return finish();
    step();
    fake.emitCheck(structuredClone(now));
    timer = setTimeout(tick, fake.world.pace);
  };
  timer = setTimeout(tick, fake.world.pace);
  return now;
}

export function stopFakeCheck(fake: Fake): CheckView {
  clearTimeout(timer);
  fake.world.check = { ...fake.world.check, running: false };
  return fake.world.check;
}
