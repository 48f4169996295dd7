// Saves what is typed, at most `delay` behind the keys, in the order in which it was typed. The timer starts at the
// first unsaved key and is not pushed back by the next ones: somebody who types without a pause is saved all the same.
// A save that fails keeps its value and says so; the next key, blur or "try again" saves it.

import type { ProfileField } from '../../ipc/types';

export type SaveState =
  { state: 'idle' } | { state: 'saving' } | { state: 'saved'; at: number } | { state: 'failed'; error: unknown };

export interface AutosaveOptions {
  save: (field: ProfileField, value: string) => Promise<{ saved_at: number }>;
  changed: (state: SaveState) => void;
  /** Milliseconds between the first unsaved key and its save. */
  delay?: number;
}

export class Autosave {
  readonly #options: AutosaveOptions;
  readonly #pending = new Map<ProfileField, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<boolean> | undefined;

  constructor(options: AutosaveOptions) {
    this.#options = options;
  }

  /** A field has a new value. */
  edit(field: ProfileField, value: string): void {
    this.#pending.delete(field);
    this.#pending.set(field, value);
    this.#timer ??= setTimeout(() => void this.flush(), this.#options.delay ?? 600);
  }

  /** Saves everything now. True when nothing is left unsaved. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // Two runs at once could store an older value last; the second waits and then takes what is still there.
    while (this.#running) await this.#running;
    if (this.#pending.size === 0) return true;
    this.#running = this.#run();
    try {
      return await this.#running;
    } finally {
      this.#running = undefined;
    }
  }

  /** True while something typed is not stored yet. */
  get dirty(): boolean {
    return this.#pending.size > 0;
  }

  async #run(): Promise<boolean> {
    this.#options.changed({ state: 'saving' });
    while (this.#pending.size > 0) {
      const [field, value] = this.#pending.entries().next().value as [ProfileField, string];
      try {
        const { saved_at } = await this.#options.save(field, value);
        // Typed on in the meantime: the newer value stays pending.
        if (this.#pending.get(field) === value) this.#pending.delete(field);
        if (this.#pending.size === 0) this.#options.changed({ state: 'saved', at: saved_at });
      } catch (error) {
        this.#options.changed({ state: 'failed', error });
        return false;
      }
    }
    return true;
  }
}
