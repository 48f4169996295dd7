// What a person ticked of the consents that come before a step. It goes with the step and is kept nowhere before.

import { SvelteSet } from 'svelte/reactivity';
import type { Problem } from '../../app/problem';
import { t } from '../../i18n';
import type { ConsentRow, RegistrationView, Step } from '../../ipc/types';

export class AskedConsents {
  readonly #ticked = new SvelteSet<string>();
  readonly #missing = new SvelteSet<string>();

  has(id: string): boolean {
    return this.#ticked.has(id);
  }

  misses(id: string): boolean {
    return this.#missing.has(id);
  }

  tick(id: string, given: boolean): void {
    if (given) this.#ticked.add(id);
    else this.#ticked.delete(id);
    this.#missing.delete(id);
  }

  /** The ids that go with the step; else every box that is still open, for the summary. */
  take(rows: readonly ConsentRow[]): { ids: string[] } | { problem: Problem } {
    this.#missing.clear();
    rows.filter((row) => !this.has(row.id)).forEach((row) => this.#missing.add(row.id));
    if (this.#missing.size === 0) return { ids: rows.map((row) => row.id) };
    const open = rows.map((row, index) => ({ id: row.id, number: index + 1 })).filter(({ id }) => this.misses(id));
    const fields = open.map(({ id, number }) => ({
      id: `consent-${id}`,
      text: t('declarations.missing_consent', { number }),
    }));
    return { problem: { title: t('declarations.missing_title'), fields } };
  }
}

export function consentsOf(view: RegistrationView, step: Step): readonly ConsentRow[] {
  return view.steps.find((one) => one.step === step)?.consents ?? [];
}
