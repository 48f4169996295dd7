import { describe, expect, it } from 'vitest';
import type { Attention, CommandRow, Delivery, SyncSummary } from '../../ipc/types';
import { activityWord, canSendNow, canUndo, isAnswered, situationOf, split, wayOut } from './standing';

const saved: Delivery = { state: 'saved', at: 1 };
const received: Delivery = { state: 'received', at: 2, receipt: 'PK-7Q4M-22' };
const summary = (patch: Partial<SyncSummary>): SyncSummary => ({
  status: 'idle',
  waiting: 0,
  needs_you: 0,
  online: true,
  last_sync_at: null,
  next_try_at: null,
  ...patch,
});

describe('how things stand', () => {
  it('tells waiting without a network from waiting for the next try', () => {
    expect(situationOf(summary({ status: 'waiting', online: false }))).toBe('offline');
    expect(situationOf(summary({ status: 'waiting', online: true }))).toBe('waiting');
    expect(situationOf(summary({ status: 'waiting', online: null }))).toBe('waiting');
    expect(situationOf(summary({ status: 'blocked', online: false }))).toBe('blocked');
  });

  it('tells a stop of everything from one thing that needs the person', () => {
    const needs = (why: Attention): CommandRow => ({
      command: why,
      delivery: { state: 'needs_you', why, at: 1 },
      what: { kind: 'void' },
      cancellable: true,
      attempts: 0,
    });
    const asks = summary({ status: 'needs_you', needs_you: 1 });
    for (const why of ['sign_in', 'update_app', 'account_locked'] as const) {
      expect(situationOf(asks, [needs('seat_full'), needs(why)])).toBe('stopped');
    }
    expect(situationOf(asks, [needs('seat_full'), needs('conflict')])).toBe('needs_you');
    expect(isAnswered(needs('seat_full').delivery)).toBe(true);
    for (const why of ['sign_in', 'conflict', 'central_too_old'] as const) {
      expect(isAnswered(needs(why).delivery)).toBe(false);
    }
    expect(isAnswered(received)).toBe(false);
  });

  it('offers to send except while sending', () => {
    expect(canSendNow(summary({ status: 'sending' }))).toBe(false);
    expect(canSendNow(summary({ status: 'busy' }))).toBe(true);
  });

  it('shows a programme word only after central said it', () => {
    expect(activityWord({ is: 'requested' })).toBe('requested');
    expect(activityWord({ is: 'enrolled', state: 'seat_confirmed' })).toBe('seat_confirmed');
  });

  it('undoes at once only what never left', () => {
    const asked = { activity: { is: 'requested' } as const, command: 'c', cancellable: true };
    expect(canUndo({ ...asked, delivery: saved })).toBe(true);
    expect(canUndo({ ...asked, delivery: { state: 'waiting', at: 1 } })).toBe(true);
    expect(canUndo({ ...asked, delivery: { state: 'sending', at: 1 } })).toBe(false);
    expect(canUndo({ ...asked, delivery: received })).toBe(false);
    expect(canUndo({ ...asked, delivery: saved, command: null })).toBe(false);
  });

  it('splits what needs the person from what waits and keeps the order', () => {
    const row = (command: string, delivery: Delivery): CommandRow => ({
      command,
      delivery,
      what: { kind: 'void' },
      cancellable: true,
      attempts: 0,
    });
    const needs: Delivery = { state: 'needs_you', why: 'seat_full', at: 1 };
    const { needsYou, waiting } = split([row('a', saved), row('b', needs), row('c', saved), row('d', needs)]);
    expect(needsYou.map((one) => one.command)).toEqual(['b', 'd']);
    expect(waiting.map((one) => one.command)).toEqual(['a', 'c']);
  });
});

describe('the way out', () => {
  it.each([
    ['validation', undefined, 'profile-review'],
    ['validation', 'profile', 'profile-review'],
    ['validation', 'declarations', 'declarations'],
    ['validation', 'join', 'waves'],
    ['dependency', 'identity', 'profile-review'],
    ['dependency', 'photo', 'photo'],
    ['dependency', undefined, 'help'],
    ['nik_taken', 'identity', 'help'],
  ] as const)('%s of %s: %s', (why, kind, way) => {
    expect(wayOut(why, kind)).toBe(way);
  });
});
