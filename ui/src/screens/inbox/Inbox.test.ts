import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { app } from '../../app/state.svelte';
import { refusal } from '../../ipc/fake';
import { notice } from '../../ipc/fake-programme';
import type { NoticeKind } from '../../ipc/types';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Inbox from './Inbox.svelte';

async function open(scenario: string, change?: Parameters<typeof fakeIn>[1]) {
  const fake = await fakeIn(scenario, change);
  show(Inbox, 'inbox');
  await waitFor(() => expect(document.querySelector('[data-notice], .empty')).not.toBeNull());
  return fake;
}
const text = () => document.body.textContent ?? '';
const fresh = () => document.querySelectorAll('[data-fresh="true"]').length;

describe('the inbox', () => {
  it('is a time line, newest first, with dates and what each leads to', async () => {
    await open('accepted');
    const kinds = [...document.querySelectorAll<HTMLElement>('[data-notice]')].map((one) => one.dataset.notice);
    expect(kinds.slice(0, 2)).toEqual(['balance_credited', 'accepted']);
    expect(text()).toContain('Jumlah: Rp3.500.000');
    expect(document.querySelector('[data-notice="accepted"] a')?.getAttribute('href')).toBe('#/member');
    expect(document.querySelector('[data-notice] time')?.textContent).toMatch(/\d\d\.\d\d /u);
  });

  it('marks what is new, tells the app that it was seen, and keeps the mark until one leaves', async () => {
    const fake = await open('accepted');
    expect(fresh()).toBe(4);
    await waitFor(() => expect(callsOf(fake, 'read_notices')).toHaveLength(1));
    await waitFor(() => expect(app.state.unread_notices).toBe(0));
    fake.emitChanged('notices');
    await waitFor(() => expect(callsOf(fake, 'list_notices')).toHaveLength(2));
    expect(fresh()).toBe(4);
    expect(callsOf(fake, 'read_notices')).toHaveLength(1);
  });

  it('shows the office’s own words as such', async () => {
    await open('blocked');
    expect(document.querySelector('blockquote')?.textContent).toMatch(/Kata petugas.*14 pendaftaran/u);
  });

  it('has words for news that this version does not know', async () => {
    await open('inside', (world) => {
      world.programme.notices = [notice('other', 0), notice('something_new' as NoticeKind, 1000)];
    });
    expect(text().match(/Kabar dari pusat/gu)).toHaveLength(2);
  });

  it('is calm when there is nothing', async () => {
    const fake = await open('inside');
    expect(text()).toContain('Belum ada kabar');
    expect(callsOf(fake, 'read_notices')).toHaveLength(0);
  });

  it('shows the news even when it cannot be marked as read', async () => {
    const fake = await fakeIn('accepted');
    fake.on('read_notices', () => {
      throw refusal('vault_busy');
    });
    show(Inbox, 'inbox');
    await waitFor(() => expect(fresh()).toBe(4));
  });

  it.each(['accepted', 'blocked', 'inside'])('%s: axe finds nothing', async (scenario) => {
    await open(scenario);
    expect(await violations()).toEqual([]);
  });
});
