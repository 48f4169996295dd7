// An in-memory stand-in for the app, for tests and for `npm run dev` in a plain browser. Never part of a production
// build. It is generous where Rust is strict: it holds the window's conversation together, it decides nothing.
//
// In the browser `?fake=<scenario>&lang=en&theme=dark&text=200&verdict=portal&pace=0` before the hash chooses where it
// starts: see `SCENARIOS`.

import { answers, type Answers } from './fake-answers';
import { freshWorld, SCENARIOS, type World } from './fake-world';
import type { Transport } from './commands';
import { VERDICT_PILL } from '../app/connection';
import type { AppEvent, AppState, Changed, CheckView, ErrorCode, IpcError, Verdict } from './types';

export type { World } from './fake-world';

/** What a fake answers with when it refuses. */
export function refusal(code: ErrorCode, more: Partial<IpcError> = {}): IpcError {
  return { code, fields: [], retry_after_ms: null, numbers: {}, reference: 'FAKE-1', ...more };
}

export class Fake implements Transport {
  world: World;
  /** Every call in order, for tests. */
  calls: { name: string; args: Record<string, unknown> }[] = [];
  #handlers = new Set<(event: AppEvent) => void>();
  #answers: Answers;
  #overrides = new Map<string, (args: Record<string, unknown>) => unknown>();

  constructor(world: World = freshWorld()) {
    this.world = world;
    this.#answers = answers(this);
  }

  /** Answers `name` in another way; a thrown `refusal(...)` rejects. */
  on(name: string, answer: (args: Record<string, unknown>) => unknown): void {
    this.#overrides.set(name, answer);
  }

  async invoke(name: string, args: Record<string, unknown>): Promise<unknown> {
    this.calls.push({ name, args });
    const override = this.#overrides.get(name);
    if (override) return override(args);
    const answer = (this.#answers as unknown as Record<string, (args: unknown) => unknown>)[name];
    if (!answer) throw refusal('internal');
    return structuredClone(await answer(args));
  }

  async listen(handler: (event: AppEvent) => void): Promise<() => void> {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  emit(event: AppEvent): void {
    for (const handler of this.#handlers) handler(structuredClone(event));
  }

  emitState(state: AppState = this.world.state): void {
    this.emit({ kind: 'state', state });
  }

  emitCheck(check: CheckView): void {
    this.world.check = check;
    this.emit({ kind: 'check', check });
  }

  emitChanged(what: Changed): void {
    this.emit({ kind: 'changed', what });
  }
}

export function createFake(): Fake {
  const wish = new URLSearchParams(window.location.search);
  const world = freshWorld();
  SCENARIOS[wish.get('fake') ?? 'fresh']?.(world);
  const { settings } = world.state;
  const [language, theme] = [wish.get('lang'), wish.get('theme')];
  if (language === 'id' || language === 'en') settings.language = language;
  if (theme === 'light' || theme === 'dark') settings.theme = theme;
  settings.text_percent = Number(wish.get('text') ?? 100);
  const verdict = wish.get('verdict');
  if (verdict && verdict in VERDICT_PILL) world.nextVerdict = verdict as Verdict;
  world.pace = Number(wish.get('pace') ?? world.pace);
  return new Fake(world);
}
