import { describe, expect, it } from 'vitest';
import { application, freshProgramme, membership, wave } from '../../ipc/fake-programme';
import type { MembershipView, WavesView } from '../../ipc/types';
import { deadlinesOf } from './deadlines';

const NOW = Date.now();
const open = wave({ closes_at: NOW + 9 });
const view = (patch: Partial<WavesView>): WavesView => ({ ...freshProgramme().waves, waves: [open], ...patch });
const asked = application({ state: null, counted: null });

describe('dates that must not be missed', () => {
  it.each<[string, Partial<WavesView>, MembershipView | null, string[]]>([
    ['a wave to join', {}, null, ['wave']],
    ['a wave for others', { waves: [{ ...open, joinable: false }] }, null, []],
    ['asked, not counted', { waves: [{ ...open, joinable: false, application: asked }] }, null, ['wave']],
    ['counted', { waves: [{ ...open, joinable: false, application: application() }] }, null, []],
    ['over', { waves: [{ ...open, closes_at: NOW - 1 }] }, null, []],
    ['first purchase, nearest first', {}, membership(), ['wave', 'first_purchase']],
    ['bought', { waves: [] }, membership({ awaits_first_purchase: false }), []],
  ])('%s', (_case, patch, member, expected) => {
    expect(deadlinesOf(view(patch), member, NOW).map((one) => one.kind)).toEqual(expected);
  });
});
