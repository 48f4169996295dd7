import { describe, expect, it, vi } from 'vitest';
import { Reading } from './reading.svelte';

describe('a reading', () => {
  it('ends with what is true now, whatever was on its way when a command answered', async () => {
    let truth = 'queued';
    const reading = new Reading(() => Promise.resolve(truth));
    // The command has looked; before its answer is here, central's has come and was told.
    const answer = truth;
    truth = 'received';
    const told = reading.again();
    reading.take(answer);
    expect(reading.value).toBe('queued');
    await told;
    await vi.waitFor(() => expect(reading.value).toBe('received'));
  });

  it('keeps the last value while a newer one cannot be read', async () => {
    const read = vi.fn<() => Promise<string>>().mockResolvedValueOnce('first').mockRejectedValue(new Error('gone'));
    const reading = new Reading(read);
    await reading.again();
    await reading.again();
    expect([reading.value, reading.error?.code, reading.busy]).toEqual(['first', 'internal', false]);
  });
});
