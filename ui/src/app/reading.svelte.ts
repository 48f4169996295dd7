// Something that a screen reads from the app and reads again when told that it changed. The last value stays visible
// while a newer one is on its way, and an answer that was overtaken is dropped.

import { toIpcError, type IpcError } from '../ipc/commands';

export class Reading<Value> {
  /** The last value; absent before the first answer. */
  value = $state.raw<Value | null>(null);
  /** Why the last try failed. */
  error = $state.raw<IpcError | null>(null);
  busy = $state(false);
  /** When the value came, by this computer's clock: beside the value's own `now` it tells by how much that one is wrong. */
  at = 0;
  readonly #read: () => Promise<Value>;
  #turn = 0;

  constructor(read: () => Promise<Value>) {
    this.#read = read;
  }

  /** Reads now. */
  async again(): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    try {
      const value = await this.#read();
      if (turn === this.#turn) this.#show(value);
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.error = toIpcError(thrown);
      this.busy = false;
    }
  }

  /**
   * A value came with the answer of a command. It is shown at once and read once more: what happened while the answer
   * was on its way may have been told already, and the answer does not know it.
   */
  take(value: Value): void {
    this.#show(value);
    void this.again();
  }

  #show(value: Value): void {
    this.#turn += 1;
    this.at = Date.now();
    this.value = value;
    this.error = null;
    this.busy = false;
  }

  /** Forgets the value, for when it would be somebody else's. */
  clear(): void {
    this.#turn += 1;
    this.value = null;
    this.error = null;
    this.busy = false;
  }
}
