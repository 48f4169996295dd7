import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { say } from '../../i18n';
import { app } from '../../app/state.svelte';
import { refusal } from '../../ipc/fake';
import { finishedCheck } from '../../ipc/fake-check';
import { freshCheck } from '../../ipc/fake-world';
import type { Stage, StageState, Verdict } from '../../ipc/types';
import { expectAccessible, fakeOf, press, showScreen } from '../../test/window';
import { plot, scaleTop, summary } from './chart';
import { difference, duration, speed, took } from './times';
import { LOOKS } from './verdicts';

const VERDICTS = Object.keys(LOOKS) as Verdict[];

function actions(): string[] {
  return [...document.querySelectorAll<HTMLElement>('[data-action]')].map((one) => one.dataset.action ?? '');
}

describe('check screen', () => {
  it.each(VERDICTS)('says %s in one sentence with its icon, without a violation', async (verdict) => {
    const fake = fakeOf((world) => {
      world.nextVerdict = verdict;
    });
    await showScreen('check', fake);
    await waitFor(() => expect(document.querySelector(`[data-verdict='${verdict}']`)).not.toBeNull());
    const sentence = document.querySelector(`[data-verdict='${verdict}'] h2`)?.textContent;
    expect(sentence).toBe(say(LOOKS[verdict].title));
    expect(document.querySelector(`[data-verdict='${verdict}'] svg`)).not.toBeNull();
    expect(document.body.textContent).not.toMatch(/\{\w+\}/);
    await expectAccessible();
  });

  it('has its own sentence for each verdict', () => {
    expect(new Set(VERDICTS.map((verdict) => say(LOOKS[verdict].title))).size).toBe(VERDICTS.length);
  });

  it('starts by itself the first time, and not again while the result is fresh', async () => {
    const fake = fakeOf();
    const first = await showScreen('check', fake);
    await waitFor(() => expect(document.querySelector('[data-verdict]')).not.toBeNull());
    first.unmount();
    await showScreen('check', fake);
    await waitFor(() => expect(document.querySelector('[data-verdict]')).not.toBeNull());
    expect(fake.calls.filter((one) => one.name === 'start_check')).toHaveLength(1);
  });

  it.each([
    ['stable', ['go-sign-up', 'start-check', 'copy-details']],
    ['poor', ['go-home', 'go-sign-up', 'start-check', 'copy-details']],
    ['offline', ['start-check', 'go-profile', 'copy-details']],
    ['portal', ['open-login-page', 'start-check', 'copy-details']],
    ['tls_blocked', ['start-check', 'go-profile', 'copy-details']],
    ['clock_wrong', ['start-check', 'go-profile', 'copy-details']],
    ['too_old', ['start-check', 'go-profile', 'copy-details']],
    ['server_busy', ['go-home', 'go-sign-up', 'start-check', 'copy-details']],
    ['server_down', ['go-home', 'go-sign-up', 'start-check', 'copy-details']],
    ['name_not_found', ['go-home', 'go-sign-up', 'start-check', 'copy-details']],
  ] as [Verdict, string[]][])('offers for %s, in this order, %j', async (verdict, expected) => {
    const fake = fakeOf((world) => {
      world.nextVerdict = verdict;
    });
    await showScreen('check', fake);
    await waitFor(() => expect(document.querySelector('[data-verdict]')).not.toBeNull());
    expect(actions()).toEqual(expected);
  });

  it('shows the running check with its progress, no verdict, and a way to stop', async () => {
    const fake = fakeOf((world) => {
      world.check = {
        ...freshCheck(),
        running: true,
        started_at: Date.now(),
        samples: [{ ms: 120 }, { ms: null }, { ms: 130 }],
      };
      world.check.stages[0] = { stage: 'name', state: 'passed', ms: 20, fact: 'api.contoh.id' };
      world.check.stages[1] = { stage: 'reach', state: 'running', ms: null, fact: null };
    });
    await showScreen('check', fake);
    await screen.findByText('Percobaan 3 dari 30');
    expect(document.querySelector('[data-verdict]')).toBeNull();
    expect(document.querySelector("[data-stage='name']")?.textContent).toContain('baik');
    expect(document.querySelector("[data-stage='reach']")?.textContent).toContain('sedang dicek');
    expect(screen.getByRole('img').getAttribute('aria-label')).toContain('3 percobaan');
    expect(document.querySelectorAll('.miss')).toHaveLength(1);
    await expectAccessible();
    press('stop-check');
    await waitFor(() => expect(actions()).toEqual(['start-check']));
  });

  it('keeps verdict, buttons and focus while it looks again by itself', async () => {
    const fake = fakeOf((world) => {
      world.nextVerdict = 'portal';
    });
    await showScreen('check', fake);
    await waitFor(() => expect(document.querySelector("[data-verdict='portal']")).not.toBeNull());
    const button = document.querySelector<HTMLElement>("[data-action='open-login-page']");
    const status = document.querySelector("[data-verdict='portal'] [role='status']");
    const said = status?.textContent;
    button?.focus();
    fake.emitCheck({ ...finishedCheck('portal'), running: true, samples: [] });
    await screen.findByText('Sedang dicek lagi…');
    expect(document.activeElement).toBe(button);
    expect(actions()).toEqual(['open-login-page', 'start-check', 'copy-details']);
    expect(document.querySelector("[data-verdict='portal'] [role='status']")).toBe(status);
    expect(status?.textContent).toBe(said);
    await expectAccessible();
    fake.emitCheck(finishedCheck('stable'));
    await waitFor(() => expect(document.querySelector("[data-verdict='stable']")).not.toBeNull());
    expect(screen.queryByText('Sedang dicek lagi…')).toBeNull();
  });

  it('says how long a photo takes on a slow line, and no time where nothing came back', async () => {
    const fake = fakeOf();
    await showScreen('check', fake);
    await waitFor(() => expect(document.querySelector('[data-verdict]')).not.toBeNull());
    const slow = finishedCheck('usable');
    if (slow.figures) slow.figures.photo_s = 130;
    fake.emitCheck(slow);
    await screen.findByText(/Mengirim foto bisa makan waktu sekitar 3 menit\./);
    const dead = finishedCheck('poor');
    if (dead.figures) Object.assign(dead.figures, { tries: 30, failed: 30, median_ms: 0, p95_ms: 0 });
    fake.emitCheck(dead);
    await waitFor(() =>
      expect([...document.querySelectorAll('dd')].slice(0, 2).map((one) => one.textContent)).toEqual(['–', '–']),
    );
  });

  it.each([
    ['name', 'skipped', '127.0.0.1', '127.0.0.1'],
    ['name', 'failed', 'api.contoh.id', 'api.contoh.id'],
    ['reach', 'passed', 'ipv6', 'lewat IPv6'],
    ['reach', 'passed', 'proxy', 'lewat proksi jaringan ini'],
    ['secure', 'skipped', 'loopback', 'servernya di komputer ini'],
    ['secure', 'failed', 'Pemeriksa Kantor CA', 'sertifikat dari Pemeriksa Kantor CA'],
    ['api', 'failed', 'http 503', 'dijawab HTTP 503'],
    ['api', 'failed', null, 'gagal'],
    ['upload', 'failed', '16384', '16 kbit/detik'],
    ['quality', 'skipped', null, 'tidak dicek'],
  ] as [Stage, StageState, string | null, string][])('says of %s %s with %s: %s', async (stage, state, fact, words) => {
    const fake = fakeOf((world) => {
      world.check = { ...finishedCheck('server_down'), started_at: Date.now() };
      world.check.stages = world.check.stages.map((one) => (one.stage === stage ? { stage, state, ms: 5, fact } : one));
    });
    await showScreen('check', fake);
    await waitFor(() => expect(document.querySelector(`[data-stage='${stage}'] small`)?.textContent).toContain(words));
  });

  it('follows the events of the running check', async () => {
    const fake = fakeOf();
    await showScreen('check', fake);
    await waitFor(() => expect(document.querySelector("[data-verdict='stable']")).not.toBeNull());
    fake.emitCheck(finishedCheck('offline'));
    await waitFor(() => expect(document.querySelector("[data-verdict='offline']")).not.toBeNull());
  });

  it('copies the details that the app wrote and says so', async () => {
    const fake = fakeOf();
    await showScreen('check', fake);
    await waitFor(() => expect(document.querySelector('[data-verdict]')).not.toBeNull());
    press('copy-details');
    await screen.findByText('Rincian tersalin, tanpa data pribadi.');
    const copied = fake.calls.find((one) => one.name === 'copy_text');
    expect(copied?.args.text).toContain('verdict stable');
  });

  it('shows what went wrong when the login page cannot be opened', async () => {
    const fake = fakeOf((world) => {
      world.nextVerdict = 'portal';
    });
    fake.on('open_login_page', () => {
      throw refusal('internal');
    });
    await showScreen('check', fake);
    await waitFor(() => expect(document.querySelector('[data-verdict]')).not.toBeNull());
    press('open-login-page');
    await waitFor(() => expect(document.getElementById('error-summary')).not.toBeNull());
  });

  it('leads somebody who is signed in home', async () => {
    const fake = fakeOf((world) => {
      world.state.account = { state: 'signed_in', email: 'a@contoh.id', first_name: null };
    });
    await showScreen('check', fake);
    await waitFor(() => expect(document.querySelector('[data-verdict]')).not.toBeNull());
    expect(actions()[0]).toBe('go-home');
    expect(app.check?.verdict).toBe('stable');
  });
});

describe('times', () => {
  it.each([
    [400, '0,4 detik'],
    [-45_000, '45 detik'],
    [600_000, '10 menit'],
    [-5 * 3_600_000, '5 jam'],
    [3 * 86_400_000, '3 hari'],
    [-7 * 365 * 86_400_000, '7 tahun'],
  ])('says a difference of %i ms as %s', (ms, words) => {
    expect(difference(ms)).toBe(words);
  });

  it.each([
    [61, '61 ms'],
    [999, '999 ms'],
    [1_000, '1 s'],
    [6_040, '6 s'],
    [12_345, '12,3 s'],
  ])('says %i ms of work as %s', (ms, words) => {
    expect(took(ms)).toBe(words);
  });

  it.each([
    [60_000, '60 kbit/detik'],
    [812_345, '812 kbit/detik'],
    [12_345_678, '12,3 Mbit/detik'],
  ])('says %i bit/s as %s', (bps, words) => {
    expect(speed(bps)).toBe(words);
  });

  it.each([
    [0.2, '1 detik'],
    [12.1, '13 detik'],
    [91, '2 menit'],
  ])('says %d seconds of sending as %s', (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });
});

describe('chart', () => {
  const box = { width: 600, height: 168, left: 0, pad: 0 };

  it.each([
    [[], 100],
    [[90], 100],
    [[180, 220], 400],
    [[640], 1000],
    [[9_900], 15_000],
    [[null], 100],
  ] as [(number | null)[], number][])('scales %j to %i ms', (times, top) => {
    expect(scaleTop(times.map((ms) => ({ ms })))).toBe(top);
  });

  it('breaks the line at a failed try and marks it', () => {
    const drawn = plot([{ ms: 10 }, { ms: 20 }, { ms: null }, { ms: 30 }], 4, box);
    expect(drawn.lines.map((line) => line.length)).toEqual([2, 1]);
    expect(drawn.failed).toEqual([{ x: 400, n: 3 }]);
    expect(drawn.answered.at(-1)).toEqual({ x: 600, y: 117.6, n: 4 });
  });

  it('makes room for more tries than planned', () => {
    const drawn = plot(
      Array.from({ length: 61 }, () => ({ ms: 1 })),
      30,
      box,
    );
    expect(drawn.answered.at(-1)?.x).toBe(600);
  });

  it('sums up for those who do not see it', () => {
    expect(summary([{ ms: 5 }, { ms: 9 }, { ms: null }, { ms: 7 }])).toEqual({
      tries: 4,
      median: 7,
      max: 9,
      failed: 1,
    });
    expect(summary([])).toEqual({ tries: 0, median: 0, max: 0, failed: 0 });
  });
});
