// Saves what is typed, at most `delay` behind the keys, in the order in which it was typed. The timer starts at the
// first unsaved key and is not pushed back by the next ones: somebody who types without a pause is saved all the same.
// A save that fails keeps its value and says so; the other fields are saved all the same, and it is tried again by
// itself, with the next key, on leaving the field and by "try again".

import type { ProfileField } from '../../ipc/types';

export type SaveState =
  | { state: 'idle' }
  | { state: 'saving' }
  | { state: 'saved'; at: number }
  /** What the fields that are not saved failed with, in the order in which they were typed. */
  | { state: 'failed'; errors: readonly unknown[] };

export interface AutosaveOptions {
  save: (field: ProfileField, value: string) => Promise<{ saved_at: number }>;
  changed: (state: SaveState) => void;
  /** Milliseconds between the first unsaved key and its save. */
  delay?: number;
  /** Milliseconds between a save that failed and the next try. */
  retry?: number;
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
    this.#arm(this.#options.delay ?? 600);
  }

  /** Saves everything now. True when nothing is left unsaved. */
  async flush(): Promise<boolean> {
    // Two runs at once could store an older value last; the second waits and then takes what is still there.
    while (this.#running) await this.#running;
    clearTimeout(this.#timer);
    this.#timer = undefined;
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

  /** What was typed into a field and is not stored yet. */
  unsaved(field: ProfileField): string | undefined {
    return this.#pending.get(field);
  }

  /** Drops what is not stored, for when it would become somebody else's. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending.clear();
  }

  #arm(delay: number): void {
    this.#timer ??= setTimeout(() => void this.flush(), delay);
  }

  /** Tries every value once; a newer one that is typed meanwhile gets its own try. */
  async #run(): Promise<boolean> {
    this.#options.changed({ state: 'saving' });
    const tried = new Map<ProfileField, string>();
    const failed = new Map<ProfileField, unknown>();
    let at = 0;
    for (;;) {
      const next = [...this.#pending].find(([field, value]) => tried.get(field) !== value);
      if (!next) break;
      const [field, value] = next;
      tried.set(field, value);
      failed.delete(field);
      try {
        at = (await this.#options.save(field, value)).saved_at;
        // Typed on in the meantime: the newer value stays pending.
        if (this.#pending.get(field) === value) this.#pending.delete(field);
      } catch (error) {
        failed.set(field, error);
      }
    }
    if (this.#pending.size > 0) {
      this.#options.changed({ state: 'failed', errors: [...failed.values()] });
      this.#arm(this.#options.retry ?? 5000);
      return false;
    }
    this.#options.changed({ state: 'saved', at });
    return true;
  }
}
