// The personal data behind the steps: what is typed, what is saved, what is wrong. One per mounted step; the truth is
// the encrypted draft on disk, and over it what is not there yet (`typed`).

import { call, toIpcError, type IpcError } from '../../ipc/commands';
import type { Choices, FieldError, IdentityWarning, ProfileField, ProfileView } from '../../ipc/types';
import type { SaveState } from './autosave';
import { namesOf } from './read-back';
import { ALL_FIELDS, valuesOf } from './steps';
import { typed } from './typed.svelte';

const NO_CHOICES: Choices = {
  provinces: [],
  marital_statuses: [],
  training_interests: [],
  education_levels: [],
  employment_statuses: [],
  excluding_statuses: {},
  min_age: 0,
  max_age: null,
};

export class PersonalData {
  view = $state.raw<ProfileView | null>(null);
  choices = $state.raw<Choices>(NO_CHOICES);
  values = $state<Record<ProfileField, string>>(valuesOf({ values: {} } as ProfileView));
  /**
   * Errors that are shown now. They stay until the person goes on: a line that vanishes while somebody reaches for the
   * button moves the button away from under the pointer.
   */
  errors = $state.raw<FieldError[]>([]);
  /** Everything that is missing or wrong in the whole form, for the steps' marks. */
  missing = $state.raw<FieldError[]>([]);
  warnings = $state.raw<IdentityWarning[]>([]);
  failed = $state.raw<IpcError | null>(null);

  readonly #touched: Partial<Record<ProfileField, true>> = {};
  #turn = 0;

  /** Province codes to names. */
  readonly provinces = $derived(namesOf(this.choices.provinces));

  /** Errors beside the fields: those of the last check, and of values that cannot be kept at all. */
  readonly wrong = $derived<readonly FieldError[]>([...typed.refused, ...this.errors]);

  /** What is wrong, and what central refused of what stands there: a step can be left with the latter, to send it again. */
  readonly told = $derived<readonly FieldError[]>([
    ...this.wrong,
    ...(this.view?.refused ?? []).filter(({ field }) => !this.#touched[field as ProfileField]),
  ]);

  readonly saving = $derived.by<SaveState>(() => {
    const at = this.view?.saved_at ?? null;
    if (typed.saving.state !== 'idle' || at === null) return typed.saving;
    return { state: 'saved', at };
  });

  /** Reads for the first time, once what was typed on the screen before is on its way. */
  async open(): Promise<void> {
    await typed.flush();
    await this.load();
  }

  /** Reads once more; an answer that was overtaken is dropped. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const [view, choices, check] = await Promise.all([
        call('get_profile'),
        call('get_choices'),
        call('check_profile_fields', { fields: [...ALL_FIELDS] }),
      ]);
      if (turn !== this.#turn) return;
      this.choices = choices;
      this.#take(view);
      this.missing = check.errors;
      this.warnings = check.warnings;
      this.failed = null;
    } catch (thrown) {
      if (turn === this.#turn) this.failed = toIpcError(thrown);
    }
  }

  /** A key was pressed. */
  edit(field: ProfileField, value: string): void {
    this.values[field] = value;
    this.#touched[field] = true;
    typed.edit(field, value);
  }

  /** Saves and checks some fields. True when all of them are right; otherwise `errors` says what is wrong. */
  async confirm(fields: readonly ProfileField[]): Promise<boolean> {
    this.failed = null;
    if (!(await typed.flush())) {
      this.failed = typed.failed;
      return false;
    }
    try {
      const check = await call('check_profile_fields', { fields: [...fields] });
      this.errors = check.errors;
      this.warnings = check.warnings;
      return this.errors.length === 0;
    } catch (thrown) {
      this.failed = toIpcError(thrown);
      return false;
    }
  }

  /** Takes what somebody else changed, except where this person is typing. */
  #take(view: ProfileView): void {
    this.view = view;
    const stored = valuesOf(view);
    for (const field of ALL_FIELDS) {
      if (!this.#touched[field]) this.values[field] = typed.unsaved(field) ?? stored[field];
    }
  }
}
