// The training list: what is searched for, what was found, how far it is shown. Search runs in the local database, so a
// short pause in typing is enough. An answer that was overtaken by a newer question is dropped.

import { forEachPerson } from '../../app/next-person';
import { call, toIpcError, type IpcError } from '../../ipc/commands';
import type { Method, TrainingPage, TrainingRow } from '../../ipc/types';
import { append, NO_FILTERS, PAGE, queryOf, toggleMethod, type Filters } from './filters';

const PAUSE_MS = 250;

interface Remembered {
  filters: Filters;
  selected: string | null;
  shown: number;
}

const NOTHING: Remembered = { filters: NO_FILTERS, selected: null, shown: PAGE };

/** Survives going to a training and back. */
let remembered = NOTHING;
forEachPerson(() => (remembered = NOTHING));

export class Catalogue {
  filters = $state.raw<Filters>(remembered.filters);
  rows = $state.raw<TrainingRow[]>([]);
  page = $state.raw<Omit<TrainingPage, 'rows'> | null>(null);
  error = $state.raw<IpcError | null>(null);
  /** True while what is shown does not answer what is asked yet. */
  busy = $state(true);
  selected = $state<string | null>(remembered.selected);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  get more(): boolean {
    return this.page !== null && this.rows.length < this.page.total;
  }

  /** The row whose detail stands beside the list: the chosen one while it is there, else the first. */
  get current(): string | null {
    const chosen = this.rows.find((row) => row.id === this.selected);
    return (chosen ?? this.rows[0])?.id ?? null;
  }

  type(text: string): void {
    this.filters = { ...this.filters, text };
    this.busy = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.search(), PAUSE_MS);
  }

  set(patch: Partial<Omit<Filters, 'text'>>): void {
    this.filters = { ...this.filters, ...patch };
    void this.search();
  }

  toggle(method: Method): void {
    this.set(toggleMethod(this.filters, method));
  }

  clear(): void {
    this.filters = NO_FILTERS;
    void this.search();
  }

  /** Asks from the start. */
  async search(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#ask(0, PAGE, false);
  }

  /** Asks again for what is shown, because the catalogue or the person's activities changed. */
  async refresh(): Promise<void> {
    await this.#ask(0, Math.min(100, Math.max(PAGE, this.rows.length, remembered.shown)), false);
  }

  /** The next page; gives the id of its first row. */
  async showMore(): Promise<string | null> {
    const before = this.rows.length;
    await this.#ask(before, PAGE, true);
    return this.rows[before]?.id ?? null;
  }

  select(id: string): void {
    this.selected = id;
    this.remember();
  }

  remember(): void {
    remembered = { filters: this.filters, selected: this.selected, shown: this.rows.length };
  }

  async #ask(offset: number, limit: number, keep: boolean): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    try {
      const { rows, ...page } = await call('search_trainings', { query: queryOf(this.filters, offset, limit) });
      if (turn !== this.#turn) return;
      this.rows = keep ? append(this.rows, rows) : rows;
      this.page = page;
      this.error = null;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.error = toIpcError(thrown);
    }
    this.busy = false;
    this.remember();
  }
}

/** Filters for the next time the list opens. */
export function catalogueFilters(patch: Partial<Filters>): void {
  remembered = { ...NOTHING, filters: { ...NO_FILTERS, ...patch } };
}
