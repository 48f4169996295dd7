import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Autosave, type SaveState } from './autosave';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function autosave(save = vi.fn((_field: string, _value: string) => Promise.resolve({ saved_at: 7 }))) {
  const states: SaveState[] = [];
  return { save, states, auto: new Autosave({ save, changed: (state) => states.push(state) }) };
}

describe('autosave', () => {
  it('saves once per pause, at most a second behind', async () => {
    const { auto, save, states } = autosave();
    auto.edit('full_name', 'S');
    auto.edit('full_name', 'Sari');
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(save.mock.calls).toEqual([['full_name', 'Sari']]);
    expect(states.at(-1)).toEqual({ state: 'saved', at: 7 });
    expect(auto.dirty).toBe(false);
  });

  it('does not wait for a pause that never comes', async () => {
    const { auto, save } = autosave();
    for (let key = 1; key <= 20; key += 1) {
      auto.edit('ktp_address', 'x'.repeat(key));
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(save.mock.calls.length).toBeGreaterThanOrEqual(4);
    await vi.advanceTimersByTimeAsync(1000);
    expect(save.mock.calls.at(-1)).toEqual(['ktp_address', 'x'.repeat(20)]);
  });

  it('flushes at once on blur and step change', async () => {
    const { auto, save } = autosave();
    auto.edit('nik', '2171');
    auto.edit('kk_number', '2172');
    await expect(auto.flush()).resolves.toBe(true);
    expect(save).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(2000);
    expect(save).toHaveBeenCalledTimes(2);
  });

  it('stores the newest value last when typing goes on during a save', async () => {
    let release: (() => void) | undefined;
    const save = vi.fn((_field: string, _value: string) => {
      if (release) return Promise.resolve({ saved_at: 2 });
      return new Promise<{ saved_at: number }>((done) => (release = () => done({ saved_at: 1 })));
    });
    const { auto } = autosave(save);
    auto.edit('domicile_address', 'Bat');
    const first = auto.flush();
    auto.edit('domicile_address', 'Batam');
    const second = auto.flush();
    release?.();
    await Promise.all([first, second]);
    expect(save.mock.calls.map(([, value]) => value)).toEqual(['Bat', 'Batam']);
    expect(auto.dirty).toBe(false);
  });

  it('keeps the value when saving fails and saves it with the next flush', async () => {
    let broken = true;
    const save = vi.fn(() => (broken ? Promise.reject(new Error('disk')) : Promise.resolve({ saved_at: 9 })));
    const { auto, states } = autosave(save);
    auto.edit('phone', '0812');
    await expect(auto.flush()).resolves.toBe(false);
    expect(states.at(-1)?.state).toBe('failed');
    expect([auto.dirty, auto.unsaved('phone')]).toEqual([true, '0812']);
    broken = false;
    await expect(auto.flush()).resolves.toBe(true);
    expect(save).toHaveBeenLastCalledWith('phone', '0812');
  });

  it('saves the other fields when one is refused, and tells every reason', async () => {
    const refused = new Error('too long');
    const save = vi.fn((field: string, _value: string) =>
      field === 'ktp_address' ? Promise.reject(refused) : Promise.resolve({ saved_at: 3 }),
    );
    const { auto, states } = autosave(save);
    auto.edit('ktp_address', 'x'.repeat(1001));
    auto.edit('domicile_address', 'Kota Batam');
    await expect(auto.flush()).resolves.toBe(false);
    expect(save.mock.calls.map(([field]) => field)).toEqual(['ktp_address', 'domicile_address']);
    expect([auto.unsaved('ktp_address')?.length, auto.unsaved('domicile_address')]).toEqual([1001, undefined]);
    expect(states.at(-1)).toEqual({ state: 'failed', errors: [refused] });
  });

  it('tries again by itself after a failure', async () => {
    let broken = true;
    const save = vi.fn(() => (broken ? Promise.reject(new Error('disk')) : Promise.resolve({ saved_at: 9 })));
    const { auto, states } = autosave(save);
    auto.edit('phone', '0812');
    await auto.flush();
    broken = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(states.at(-1)).toEqual({ state: 'saved', at: 9 });
  });

  it('forgets what would become somebody else’s', async () => {
    const { auto, save } = autosave();
    auto.edit('phone', '0812');
    auto.forget();
    await vi.advanceTimersByTimeAsync(5000);
    expect([auto.dirty, save.mock.calls.length]).toEqual([false, 0]);
  });
});
