import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOUR, keepUnsent } from '../../ipc/fake-programme';
import { ITEMS } from '../../ipc/fake-test-items';
import { refusal } from '../../ipc/fake';
import type { World } from '../../ipc/fake-world';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Test from './Test.svelte';

async function open(scenario: string, change?: (world: World) => void) {
  const fake = await fakeIn(scenario, change);
  show(Test, 'test');
  await waitFor(() => expect(document.querySelector('h2, .empty')).not.toBeNull());
  return fake;
}
const text = () => document.body.textContent ?? '';
const action = (name: string) => document.querySelector<HTMLElement>(`[data-action="${name}"]`);
async function press(name: string) {
  await waitFor(() => expect(action(name)).not.toBeNull());
  await fireEvent.click(action(name) as HTMLElement);
}
const item = () => document.querySelector<HTMLElement>('[data-item]');

afterEach(() => vi.useRealTimers());

describe('before the test', () => {
  it('says everything that matters before the clock runs', async () => {
    await open('test-before');
    for (const words of [
      '6 soal',
      '40 menit',
      'Satu kali saja',
      'tidak bisa dihentikan',
      'Internet hanya untuk memulai',
    ]) {
      expect(text()).toContain(words);
    }
    expect(text()).toContain('corat-coret');
  });

  it('begins only after a second question', async () => {
    const fake = await open('test-before');
    await press('start-test');
    expect(callsOf(fake, 'start_test')).toHaveLength(0);
    await press('not-yet');
    await press('start-test');
    await press('confirm-start');
    await waitFor(() => expect(item()).not.toBeNull());
    expect(callsOf(fake, 'start_test')).toHaveLength(1);
    await waitFor(() => expect(document.activeElement?.id).toBe('item-title'));
  });

  it('cannot begin without a connection, and says what can be done meanwhile', async () => {
    await open('test-before-offline');
    expect((action('start-test') as HTMLButtonElement).disabled).toBe(true);
    expect(text()).toContain('Untuk memulai perlu internet');
  });

  it('says that it has not begun when that failed', async () => {
    const fake = await open('test-before');
    fake.on('start_test', () => {
      throw refusal('busy');
    });
    await press('start-test');
    await press('confirm-start');
    await waitFor(() => expect(document.getElementById('error-summary')?.textContent).toContain('Tes belum dimulai'));
  });

  it('waits for the steps before it', async () => {
    await open('inside');
    expect(text()).toContain('Tesnya belum bisa dimulai');
    expect(action('start-test')).toBeNull();
  });
});

describe('a running test whose paper is not here', () => {
  it('goes on with the answers that central has', async () => {
    const fake = await open('test-elsewhere');
    expect(text()).toContain('Tesmu sedang berjalan');
    expect(text()).toContain('Waktu terus berjalan');
    await press('resume-test');
    await waitFor(() => expect(item()).not.toBeNull());
    expect(callsOf(fake, 'start_test')).toHaveLength(1);
    expect(document.querySelectorAll('[data-answered="true"]')).toHaveLength(1);
    await waitFor(() => expect(document.activeElement?.id).toBe('item-title'));
  });

  it('is busy while it asks, and asks once', async () => {
    const fake = await open('test-elsewhere');
    let answer = () => {};
    fake.on('start_test', () => new Promise((resolve) => (answer = () => resolve(fake.world.programme.test))));
    await press('resume-test');
    await waitFor(() => expect(text()).toContain('Mengambil soal'));
    await press('resume-test');
    expect(callsOf(fake, 'start_test')).toHaveLength(1);
    answer();
    await waitFor(() => expect(text()).not.toContain('Mengambil soal'));
  });

  it('says what it needs without a connection, and can be tried all the same', async () => {
    const fake = await open('test-elsewhere-offline');
    expect(text()).toContain('Untuk melanjutkan perlu internet');
    await press('resume-test');
    const said = () => document.getElementById('error-summary')?.textContent;
    await waitFor(() => expect(said()).toContain('Tes belum bisa dilanjutkan'));
    expect(callsOf(fake, 'start_test')).toHaveLength(1);
    expect(action('resume-test')).not.toBeNull();
  });

  it('looks again when central says that it is over', async () => {
    const fake = await open('test-elsewhere');
    fake.on('start_test', () => {
      fake.world.programme.test.stage = { is: 'submitted', at: Date.now(), result_by: null, unsent: 0 };
      throw refusal('test_over');
    });
    await press('resume-test');
    await waitFor(() => expect(document.querySelector('[data-stage="submitted"]')).not.toBeNull());
  });
});

describe('the running test', () => {
  it('goes on at the first open item after a restart, with the answers', async () => {
    await open('test-running');
    expect(text()).toContain('Tesmu dilanjutkan');
    expect(item()?.dataset.item).toBe(ITEMS[1]?.id);
    expect(document.querySelectorAll('[data-answered="true"]')).toHaveLength(1);
  });

  it('keeps each answer at once', async () => {
    const fake = await open('test-running');
    await fireEvent.click(document.getElementById('item-verbal-031-b') as HTMLElement);
    await waitFor(() => expect(callsOf(fake, 'answer_test')).toEqual([{ item: 'verbal-031', choice: 'b' }]));
    await waitFor(() => expect(text()).toContain('Tersimpan di komputer ini'));
    expect(document.querySelectorAll('[data-answered="true"]')).toHaveLength(2);
  });

  it('never calls an answer received that only waits', async () => {
    await open('test-running-offline');
    expect(text()).toMatch(/Tersimpan di komputer ini\s*·\s*Menunggu dikirim ke pusat: 2/u);
    expect(text()).not.toContain('diterima pusat');
  });

  it('says by when the answers that wait must have arrived, and only while they cannot be sent', async () => {
    const fake = await open('test-running-offline');
    const arriveBy = () => document.querySelector<HTMLElement>('[data-arrive-by]');
    expect(Number(arriveBy()?.dataset.arriveBy)).toBe(fake.world.programme.test.arrive_by);
    expect(arriveBy()?.textContent).toMatch(/harus terhubung ke internet sebelum .*WIB/u);
    fake.world.state.sync.online = true;
    fake.emitState();
    await waitFor(() => expect(arriveBy()).toBeNull());
  });

  it('never says that all were received when one was refused', async () => {
    await open('test-running', (world) => {
      world.programme.test.refused = 1;
    });
    expect(document.querySelector('.standing [data-refused="1"]')).not.toBeNull();
    expect(text()).not.toContain('Semua jawaban diterima');
  });

  it('says when an answer is not saved, keeps the choice, and saves it again', async () => {
    const fake = await open('test-running');
    let full = true;
    fake.on('answer_test', () => {
      if (full) throw refusal('disk_full');
      return { saved_at: Date.now() };
    });
    const choice = document.getElementById('item-verbal-031-b') as HTMLInputElement;
    await fireEvent.click(choice);
    await waitFor(() =>
      expect(document.querySelector('[role="alert"]')?.textContent).toContain('belum tersimpan: soal 2'),
    );
    expect(choice.checked).toBe(true);
    full = false;
    await press('answer-again');
    await waitFor(() => expect(document.querySelector('[role="alert"]')).toBeNull());
    await waitFor(() => expect(document.activeElement?.id).toBe('item-title'));
  });

  it('moves no answer when the network comes and goes, or when something is wrong', async () => {
    const fake = await open('test-running');
    /** What stands above the answers, without the time and the count. */
    const above = () => {
      const range = document.createRange();
      range.setStart(document.body, 0);
      range.setEndBefore(item()?.querySelector('fieldset') as Element);
      return range.toString().replace(/\d+/gu, '');
    };
    const before = above();
    keepUnsent(fake.world.programme, 3, Date.now() + HOUR);
    const { test } = fake.world.programme;
    test.refused = 1;
    if (test.paper) Object.assign(test.paper, { unsent: 3, certain: false });
    fake.world.state.sync.online = false;
    fake.on('answer_test', () => {
      throw refusal('disk_full');
    });
    fake.emitState();
    fake.emitChanged('sync');
    await fireEvent.click(document.getElementById('item-verbal-031-b') as HTMLElement);
    const standing = () => document.querySelector('.standing')?.textContent;
    await waitFor(() => expect(standing()).toMatch(/Offline.*tidak diterima pusat: 1.*perkiraan.*belum tersimpan/su));
    expect(document.querySelector('.standing [data-arrive-by]')).not.toBeNull();
    expect(above()).toBe(before);
    expect(await violations()).toEqual([]);
  });

  it('leaves the figures alone when the paper is read once more', async () => {
    const fake = await open('test-running');
    await press('next-item');
    await press('next-item');
    const drawn = () => [...(item()?.querySelectorAll('.figure > svg') ?? [])];
    const before = drawn();
    expect(before.length).toBeGreaterThan(2);
    const { test } = fake.world.programme;
    fake.world.programme.test = { ...structuredClone(test), refused: 1 };
    fake.emitChanged('sync');
    await waitFor(() => expect(document.querySelector('[data-refused="1"]')).not.toBeNull());
    expect(drawn().every((svg, at) => svg === before[at])).toBe(true);
  });

  it('calls an answer received that reached central before this computer heard that it is stored', async () => {
    const fake = await open('test-running');
    fake.on('answer_test', async () => {
      const read = callsOf(fake, 'get_test').length;
      fake.world.programme.test.refused = 0;
      fake.emitChanged('sync');
      await waitFor(() => expect(callsOf(fake, 'get_test').length).toBeGreaterThan(read));
      await new Promise((done) => setTimeout(done, 20));
      return { saved_at: Date.now() };
    });
    await fireEvent.click(document.getElementById('item-verbal-031-b') as HTMLElement);
    await waitFor(() => expect(text()).toMatch(/Tersimpan di komputer ini .*Semua jawaban diterima pusat/u));
  });

  it('keeps every answer that is not saved, counts them as open, and saves them before handing in', async () => {
    const fake = await open('test-running');
    let full = true;
    fake.on('answer_test', () => {
      if (full) throw refusal('disk_full');
      return { saved_at: Date.now() };
    });
    const alert = () => document.querySelector('[role="alert"]')?.textContent;
    await fireEvent.click(document.getElementById('item-verbal-031-b') as HTMLElement);
    await press('next-item');
    await fireEvent.click(item()?.querySelector('input') as HTMLElement);
    await waitFor(() => expect(alert()).toContain('belum tersimpan: soal 2, 3'));
    expect(text()).toContain('1 dari 6 dijawab');
    expect(screen.getByRole('button', { name: 'Soal 2, belum dijawab' })).toBeTruthy();

    await press('to-review');
    await press('submit-test');
    await press('confirm-submit');
    await waitFor(() => expect(text()).toContain('Serahkan tanpa jawaban ini?'));
    expect(callsOf(fake, 'submit_test'), 'it asks before anything is lost').toHaveLength(0);
    expect(await violations()).toEqual([]);
    full = false;
    await press('submit-again');
    await waitFor(() => expect(callsOf(fake, 'submit_test')).toHaveLength(1));
    const last = callsOf(fake, 'answer_test').slice(-2);
    expect(last).toEqual([
      { item: 'verbal-031', choice: 'b' },
      { item: ITEMS[2]?.id, choice: last[1]?.choice },
    ]);
  });

  it('hands in without what cannot be saved only when the person says so', async () => {
    const fake = await open('test-running');
    fake.on('answer_test', () => {
      throw refusal('disk_full');
    });
    await fireEvent.click(document.getElementById('item-verbal-031-b') as HTMLElement);
    await press('to-review');
    await press('submit-test');
    await press('confirm-submit');
    await press('submit-anyway');
    await waitFor(() => expect(callsOf(fake, 'submit_test')).toHaveLength(1));
  });

  it.each([
    ['2', 'b'],
    ['d', 'd'],
  ])('the key %s chooses %s, and only inside the item', async (key, choice) => {
    const fake = await open('test-running');
    await fireEvent.keyDown(document.querySelector('h1') as HTMLElement, { key });
    expect(callsOf(fake, 'answer_test')).toHaveLength(0);
    await fireEvent.keyDown(document.getElementById('item-title') as HTMLElement, { key, ctrlKey: true });
    expect(callsOf(fake, 'answer_test')).toHaveLength(0);
    await fireEvent.keyDown(document.getElementById('item-title') as HTMLElement, { key });
    await waitFor(() => expect(callsOf(fake, 'answer_test')).toEqual([{ item: 'verbal-031', choice }]));
    expect(document.activeElement?.id).toBe(`item-verbal-031-${choice}`);
  });

  it('shows passage, table and figures, each with words', async () => {
    await open('test-running');
    expect(text()).toContain('Koperasi di Desa Sukamaju');
    await press('next-item');
    expect(screen.getByRole('columnheader', { name: 'Roti terjual' })).toBeTruthy();
    expect(screen.getByRole('rowheader', { name: 'Rabu' })).toBeTruthy();
    await press('next-item');
    expect(screen.getByRole('img', { name: /^Empat kotak/u }).querySelector('svg')).not.toBeNull();
    expect(screen.getByRole('radio', { name: 'Panah ke kiri.' })).toBeTruthy();
    expect(await violations()).toEqual([]);
  });

  it('jumps by the list and tells answered from open', async () => {
    await open('test-running');
    await fireEvent.click(screen.getByRole('button', { name: 'Soal 5, belum dijawab' }));
    expect(item()?.dataset.item).toBe(ITEMS[4]?.id);
    expect(screen.getByRole('button', { name: 'Soal 5, belum dijawab' }).getAttribute('aria-current')).toBe('step');
    expect(screen.getByRole('button', { name: 'Soal 1, sudah dijawab' })).toBeTruthy();
    await waitFor(() => expect(document.activeElement?.id).toBe('item-title'));
  });

  it('reviews what is open and hands in after a question', async () => {
    const fake = await open('test-running');
    await press('to-review');
    expect(text()).toContain('Belum dijawab: 5');
    await press('submit-test');
    expect(callsOf(fake, 'submit_test')).toHaveLength(0);
    await press('confirm-submit');
    await waitFor(() => expect(document.querySelector('[data-stage="submitted"]')).not.toBeNull());
    expect(text()).not.toContain('lulus');
  });

  it('keeps everything when handing in fails', async () => {
    const fake = await open('test-running');
    fake.on('submit_test', () => {
      throw refusal('disk_full');
    });
    await press('to-review');
    await press('submit-test');
    await press('confirm-submit');
    await waitFor(() => expect(document.getElementById('error-summary')?.textContent).toContain('belum diserahkan'));
    expect(action('submit-test')).not.toBeNull();
  });

  it('says the time once at five minutes, without taking the focus', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await open('test-running', (world) => {
      const paper = world.programme.test.paper;
      if (paper) paper.ends_at = paper.now + 302_000;
    });
    const said = () => document.querySelector('.bar [role="status"]')?.textContent;
    const radio = document.getElementById('item-verbal-031-a') as HTMLElement;
    radio.focus();
    expect(said()).toBe('');
    await vi.advanceTimersByTimeAsync(4000);
    expect(said()).toBe('Sisa waktu 5 menit.');
    expect(document.activeElement).toBe(radio);
  });

  it('hands itself in when the time is over, and says so', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const fake = await open('test-running', (world) => {
      const paper = world.programme.test.paper;
      if (paper) paper.ends_at = paper.now + 2000;
    });
    await vi.advanceTimersByTimeAsync(4000);
    await waitFor(() => expect(text()).toContain('Waktu habis'));
    expect(text()).toContain('diserahkan sendiri');
    expect(callsOf(fake, 'submit_test'), 'the app does it').toHaveLength(0);
    await waitFor(() => expect(document.activeElement?.tagName).toBe('H1'));
  });

  it('hands nothing in by a clock that may be wrong, and goes on taking answers', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const fake = await open('test-running-unsure', (world) => {
      const paper = world.programme.test.paper;
      if (paper) paper.ends_at = paper.now + 2000;
    });
    expect(text()).toContain('Sisa waktu ini perkiraan');
    await vi.advanceTimersByTimeAsync(4000);
    await waitFor(() => expect(text()).toContain('Waktu mungkin sudah habis'));
    await fireEvent.click(item()?.querySelector('input') as HTMLElement);
    await waitFor(() => expect(callsOf(fake, 'answer_test')).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(4000);
    expect(callsOf(fake, 'submit_test')).toHaveLength(0);
    expect(callsOf(fake, 'get_test').length, 'it does not ask again and again').toBeLessThan(5);
  });

  it('offers to hand in when the app cannot say whether the time is over', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const fake = await open('test-running', (world) => {
      const paper = world.programme.test.paper;
      if (paper) paper.ends_at = paper.now + 2000;
    });
    fake.on('get_test', () => {
      throw refusal('vault_broken');
    });
    await vi.advanceTimersByTimeAsync(4000);
    await press('confirm-submit');
    await waitFor(() => expect(callsOf(fake, 'submit_test')).toHaveLength(1));
  });

  it('reads the paper again after the computer’s time was set', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const fake = await open('test-running');
    const before = callsOf(fake, 'get_test').length;
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(1500);
    await waitFor(() => expect(callsOf(fake, 'get_test').length).toBeGreaterThan(before));
  });
});

describe('after the test', () => {
  it.each<[string, string, RegExp, RegExp]>([
    ['test-submitted', 'submitted', /paling lambat .*WIB/u, /lulus/u],
    ['test-submitted-offline', 'submitted', /menunggu dikirim: 3/u, /Semua jawaban diterima/u],
    ['test-passed', 'passed', /Pusat menyatakan kamu lulus/u, /belum lulus/u],
    ['test-not-passed', 'not_passed', /belum bisa gabung gelombang/u, /boleh gabung/u],
  ])('%s', async (scenario, stage, says, saysNot) => {
    await open(scenario);
    expect(document.querySelector('[data-stage]')?.getAttribute('data-stage')).toBe(stage);
    expect(text()).toMatch(says);
    expect(text()).not.toMatch(saysNot);
  });

  it.each<[string, number, RegExp]>([
    ['ahead', 2 * HOUR, /harus terhubung ke internet sebelum .*\(dalam [12] jam\)/u],
    ['past', -2 * HOUR, /sudah lewat, jadi sebagian jawaban mungkin tidak dihitung/u],
  ])('names the limit for what is unsent, when it is %s', async (_, from, says) => {
    await open('test-submitted-offline', (world) => keepUnsent(world.programme, 3, Date.now() + from));
    expect(document.querySelector('[data-arrive-by]')?.textContent).toMatch(says);
  });

  it('names the limit by central’s clock, not by this computer’s', async () => {
    await open('test-submitted-offline', (world) => {
      keepUnsent(world.programme, 3, Date.now() + HOUR);
      world.programme.test.now = Date.now() + 2 * HOUR;
    });
    expect(document.querySelector('[data-arrive-by]')?.textContent).toContain('sudah lewat');
  });

  it('names no limit when everything arrived', async () => {
    await open('test-submitted');
    expect(document.querySelector('[data-arrive-by]')).toBeNull();
  });

  it.each(['test-submitted-refused', 'test-passed', 'test-not-passed'])(
    '%s: says which answers were refused, and never that all were received',
    async (scenario) => {
      await open(scenario, (world) => {
        world.programme.test.refused = 2;
      });
      expect(document.querySelector('[data-refused="2"]')?.textContent).toContain('tidak diterima pusat: 2');
      expect(text()).not.toContain('Semua jawaban diterima');
    },
  );

  it('lets who did not pass join where the rules allow it', async () => {
    await open('test-not-passed', (world) => {
      world.programme.test.stage = { is: 'not_passed', at: null, may_join: true };
    });
    expect(action('go-waves')).not.toBeNull();
  });

  it('follows central without a click', async () => {
    const fake = await open('test-submitted');
    fake.world.programme.test.stage = { is: 'passed', at: Date.now() };
    fake.emitChanged('registration');
    await waitFor(() => expect(text()).toContain('Kamu lulus tes'));
  });
});

it.each([
  'inside',
  'test-before',
  'test-before-offline',
  'test-elsewhere',
  'test-elsewhere-offline',
  'test-running',
  'test-running-unsure',
  'test-submitted',
  'test-submitted-refused',
  'test-passed',
  'test-not-passed',
])('%s: axe finds nothing', async (scenario) => {
  await open(scenario);
  expect(await violations()).toEqual([]);
});
