// A running test in the window: what was chosen, what is on its way, how much time is left. Answers go to the app one
// after the other, so that the last choice of an item is the one that stays.

import { ticker } from '../../app/clock.svelte';
import { call, toIpcError, type IpcError } from '../../ipc/commands';
import type { TestPaperView } from '../../ipc/types';
import { anchor, answerOf, jumped, openItems, timeLeft, type Anchor } from './run';

export interface Unsaved {
  item: string;
  choice: string;
  error: IpcError;
}

export class Run {
  paper = $state.raw<TestPaperView>() as TestPaperView;
  /** Choices that the paper, as it was read last, may not have yet. */
  chosen = $state<Record<string, string>>({});
  savedAt = $state<number | null>(null);
  /** The first answer that could not be kept on this computer. */
  unsaved = $state.raw<Unsaved | null>(null);
  /** Items answered since the paper was read: not counted in its `unsent` yet. */
  #since = $state<Record<string, true>>({});
  #anchor = $state.raw<Anchor>() as Anchor;
  #last: Promise<void> = Promise.resolve();

  constructor(paper: TestPaperView) {
    this.take(paper);
  }

  /** A newer reading of the same paper. Choices that are still being saved stay. */
  take(paper: TestPaperView): void {
    this.paper = paper;
    this.#anchor = anchor(paper, Date.now(), performance.now());
    this.#since = {};
  }

  /** Milliseconds left; follows the time when read in a template. */
  get left(): number {
    void ticker.now;
    return timeLeft(this.#anchor, performance.now());
  }

  /** The paper has to be read again: this computer slept, or its time was set. */
  get stale(): boolean {
    return jumped(this.#anchor, ticker.now, performance.now());
  }

  /** The end by this computer's clock, for the line that names the hour. */
  get endsAt(): number {
    return this.#anchor.wall + this.#anchor.endsAt - this.#anchor.now;
  }

  get unsent(): number {
    return Math.max(this.paper.unsent, Object.keys(this.#since).length);
  }

  get open(): number[] {
    return openItems(this.paper.items, this.chosen);
  }

  get answered(): number {
    return this.paper.items.length - this.open.length;
  }

  answer(at: number): string | null {
    const item = this.paper.items[at];
    return item === undefined ? null : answerOf(item, this.chosen);
  }

  choose(item: string, choice: string): Promise<void> {
    this.chosen[item] = choice;
    this.#last = this.#last.then(() => this.#save(item, choice));
    return this.#last;
  }

  async #save(item: string, choice: string): Promise<void> {
    try {
      const { saved_at } = await call('answer_test', { item, choice });
      this.savedAt = saved_at;
      this.#since[item] = true;
      if (this.unsaved?.item === item) this.unsaved = null;
    } catch (thrown) {
      this.unsaved = { item, choice, error: toIpcError(thrown) };
    }
  }

  /** Waits for the answers that are being saved. */
  settled(): Promise<void> {
    return this.#last;
  }
}
