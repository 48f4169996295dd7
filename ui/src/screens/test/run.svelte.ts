// A running test in the window: what was chosen, what is on its way, how much time is left. Answers go to the app one
// after the other, so that the last choice of an item is the one that stays.

import { ticker } from '../../app/clock.svelte';
import { call, toIpcError, type IpcError } from '../../ipc/commands';
import type { TestPaperView } from '../../ipc/types';
import { anchor, answerOf, jumped, openItems, timeLeft, type Anchor } from './run';

export class Run {
  paper = $state.raw<TestPaperView>() as TestPaperView;
  /** Choices that the paper, as it was read last, may not have yet. */
  chosen = $state<Record<string, string>>({});
  savedAt = $state<number | null>(null);
  /** Items whose newest choice could not be kept on this computer, and why: they are open, whatever the page shows. */
  unsaved = $state<Record<string, IpcError>>({});
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
    return openItems(this.paper.items, this.chosen, this.unsaved);
  }

  /** Positions of the items whose choice is not kept. */
  get lost(): number[] {
    return this.paper.items.flatMap((item, at) => (item.id in this.unsaved ? [at] : []));
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
    const waited = item in this.#since;
    // Before the call: the paper may be read, with this answer at central, before the call is back.
    this.#since[item] = true;
    try {
      const { saved_at } = await call('answer_test', { item, choice });
      this.savedAt = saved_at;
      delete this.unsaved[item];
    } catch (thrown) {
      if (!waited) delete this.#since[item];
      this.unsaved[item] = toIpcError(thrown);
    }
  }

  /** Tries once more to keep what could not be kept. True when nothing is left. */
  async saveAll(): Promise<boolean> {
    await this.#last;
    for (const item of Object.keys(this.unsaved)) {
      const choice = this.chosen[item];
      if (choice !== undefined) void this.choose(item, choice);
    }
    await this.#last;
    return Object.keys(this.unsaved).length === 0;
  }
}
