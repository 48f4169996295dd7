// The personal data behind the steps: what is typed, what is saved, what is wrong. One per mounted step; the truth is
// the encrypted draft on disk.

import { call, toIpcError, type IpcError } from '../../ipc/commands';
import type { Choices, FieldError, IdentityWarning, ProfileField, ProfileView } from '../../ipc/types';
import { Autosave, type SaveState } from './autosave';
import { namesOf } from './read-back';
import { ALL_FIELDS, valuesOf } from './steps';

export class PersonalData {
  view = $state.raw<ProfileView | null>(null);
  choices = $state.raw<Choices>({ provinces: [], education_levels: [], employment_statuses: [] });
  values = $state<Record<ProfileField, string>>(valuesOf({ values: {} } as ProfileView));
  /**
   * Errors that are shown now. They stay until the person goes on: a line that vanishes while somebody reaches for the
   * button moves the button away from under the pointer.
   */
  errors = $state.raw<FieldError[]>([]);
  /** Everything that is missing or wrong in the whole form, for the steps' marks. */
  missing = $state.raw<FieldError[]>([]);
  warnings = $state.raw<IdentityWarning[]>([]);
  saving = $state.raw<SaveState>({ state: 'idle' });
  failed = $state.raw<IpcError | null>(null);

  readonly #touched: Partial<Record<ProfileField, true>> = {};
  readonly #autosave = new Autosave({
    save: (field, value) => call('save_profile_field', { field, value }),
    changed: (state) => this.#saveChanged(state),
  });

  /** Province codes to names. */
  readonly provinces = $derived(namesOf(this.choices.provinces));

  async load(): Promise<void> {
    try {
      const [view, choices, check] = await Promise.all([
        call('get_profile'),
        call('get_choices'),
        call('check_profile_fields', { fields: [...ALL_FIELDS] }),
      ]);
      this.choices = choices;
      this.#take(view);
      this.missing = check.errors;
      this.warnings = check.warnings;
      this.failed = null;
    } catch (thrown) {
      this.failed = toIpcError(thrown);
    }
  }

  /** A key was pressed. */
  edit(field: ProfileField, value: string): void {
    this.values[field] = value;
    this.#touched[field] = true;
    this.#autosave.edit(field, value);
  }

  /** Stores what is typed now; true when all of it is on disk. */
  flush(): Promise<boolean> {
    return this.#autosave.flush();
  }

  /** Saves and checks some fields. True when all of them are right; otherwise `errors` says what is wrong. */
  async confirm(fields: readonly ProfileField[]): Promise<boolean> {
    if (!(await this.#autosave.flush())) return false;
    try {
      const check = await call('check_profile_fields', { fields: [...fields] });
      this.errors = check.errors;
      this.warnings = check.warnings;
      return check.errors.length === 0;
    } catch (thrown) {
      this.failed = toIpcError(thrown);
      return false;
    }
  }

  /** Takes what somebody else changed, except where this person is typing. */
  #take(view: ProfileView): void {
    this.view = view;
    const stored = valuesOf(view);
    for (const field of ALL_FIELDS) if (!this.#touched[field]) this.values[field] = stored[field];
    if (this.saving.state === 'idle' && view.saved_at !== null) this.saving = { state: 'saved', at: view.saved_at };
  }

  #saveChanged(state: SaveState): void {
    this.saving = state.state === 'failed' ? { state: 'failed', error: toIpcError(state.error) } : state;
  }
}
