import { beforeEach, expect, it } from 'vitest';
import { freshWorld } from '../ipc/fake-world';
import { app } from './state.svelte';

beforeEach(() => app.forget());

it('does not go back to an older state that comes last', () => {
  const come = [
    [4, 1, 1],
    [6, 2, 2],
    [5, 3, 2],
    [7, 4, 4],
  ] as const;
  for (const [turn, unread_notices, shown] of come) {
    app.take({ ...freshWorld().state, turn, unread_notices });
    expect(app.state.unread_notices).toBe(shown);
  }
});
