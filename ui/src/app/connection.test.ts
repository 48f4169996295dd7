import { describe, expect, it } from 'vitest';
import { freshWorld } from '../ipc/fake-world';
import type { SyncStatus, Verdict } from '../ipc/types';
import { pillOf, VERDICT_PILL } from './connection';
import { savedWords } from './saved';

const NOW = 1_800_000_000_000;

function state(online: boolean | null, verdict: Verdict | null, age = 0) {
  const { state } = freshWorld();
  state.sync.online = online;
  state.preparations.connection = verdict && { verdict, at: NOW - age };
  return state;
}

describe('the pill', () => {
  it('says that nothing is known', () => {
    expect(pillOf(state(null, null), NOW).words).toBe('Koneksi belum dicek');
  });

  it.each(Object.keys(VERDICT_PILL) as Verdict[])('shows a young verdict %s in words', (verdict) => {
    expect(pillOf(state(null, verdict), NOW).words).toMatch(/^\p{L}/u);
  });

  it('believes a failed exchange rather than a good check before it', () => {
    expect(pillOf(state(false, 'stable'), NOW).words).toBe('Offline');
  });

  it('keeps the reason that a bad check found', () => {
    expect(pillOf(state(false, 'portal'), NOW).words).toBe('Jaringan minta login');
  });

  it('forgets an old check', () => {
    expect(pillOf(state(true, 'poor', 11 * 60_000), NOW).words).toBe('Online');
  });

  it('tells when things were last exchanged', () => {
    const offline = state(false, null);
    offline.sync.last_sync_at = NOW;
    expect(pillOf(offline, NOW).words).toMatch(/^Offline · sinkron terakhir \d\d\.\d\d \S+$/);
  });
});

describe('the saved box', () => {
  it.each(['idle', 'all_sent', 'waiting', 'sending', 'needs_you', 'busy', 'blocked'] as SyncStatus[])(
    'has icon and words for %s',
    (status) => {
      const { sync } = freshWorld().state;
      for (const at of [null, NOW]) {
        const said = savedWords({ ...sync, status, waiting: 2, needs_you: 1, last_sync_at: at, next_try_at: at }, NOW);
        expect(said.title.length).toBeGreaterThan(3);
        expect(said.text).not.toMatch(/[{}]/);
      }
    },
  );
});
