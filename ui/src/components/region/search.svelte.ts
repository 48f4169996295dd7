// Asks for regions while somebody types: at most once a frame, and an answer that was overtaken is dropped.

import { call, toIpcError, type IpcError } from '../../ipc/commands';
import type { RegionHit } from '../../ipc/types';

/** Fewer letters fit half of the country. */
export const LEAST_LETTERS = 2;

export class VillageSearch {
  /** What fits; absent while nothing was asked. */
  hits = $state.raw<readonly RegionHit[] | null>(null);
  failed = $state.raw<IpcError | null>(null);
  #turn = 0;
  #frame = 0;

  /** The text has changed. */
  ask(text: string): void {
    cancelAnimationFrame(this.#frame);
    const turn = ++this.#turn;
    if (text.trim().length < LEAST_LETTERS) {
      this.hits = null;
      this.failed = null;
      return;
    }
    this.#frame = requestAnimationFrame(() => void this.#run(text.trim(), turn));
  }

  /** Nothing is looked for any more. */
  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#turn += 1;
    this.hits = null;
    this.failed = null;
  }

  async #run(text: string, turn: number): Promise<void> {
    try {
      const hits = await call('search_regions', { level: 'village', within: null, text });
      if (turn !== this.#turn) return;
      this.hits = hits;
      this.failed = null;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.hits = null;
      this.failed = toIpcError(thrown);
    }
  }
}
