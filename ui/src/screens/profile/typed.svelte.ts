// What is typed into the personal data and not on disk yet. One for the whole window: a value whose save failed outlives
// the step that it was typed in, and whoever reads the data next waits for what was typed last.

import { forEachPerson } from '../../app/next-person';
import { call, toIpcError, type IpcError } from '../../ipc/commands';
import type { FieldError, ProfileField } from '../../ipc/types';
import { Autosave, type SaveState } from './autosave';

class Typed {
  saving = $state.raw<SaveState>({ state: 'idle' });
  /** Why the last save failed; the reason that is not about one field comes first. */
  failed = $state.raw<IpcError | null>(null);
  /** Fields that the app does not even keep as a draft, such as a text of many pages. */
  refused = $state.raw<readonly FieldError[]>([]);

  readonly #autosave = new Autosave({
    save: (field, value) => call('save_profile_field', { field, value }),
    changed: (state) => this.#changed(state),
  });

  /** A key was pressed. */
  edit(field: ProfileField, value: string): void {
    this.#autosave.edit(field, value);
  }

  /** Stores what is typed now; true when all of it is on disk. */
  flush(): Promise<boolean> {
    return this.#autosave.flush();
  }

  /** The typed value of a field while it is not stored. */
  unsaved(field: ProfileField): string | undefined {
    return this.#autosave.unsaved(field);
  }

  /** Somebody else sits down at this computer. */
  forget(): void {
    this.#autosave.forget();
    this.#changed({ state: 'idle' });
  }

  #changed(state: SaveState): void {
    // While it tries again the last answer stands: a notice that flickers is read by nobody.
    if (state.state === 'saving' && this.saving.state === 'failed') return;
    this.saving = state;
    const errors = state.state === 'failed' ? state.errors.map(toIpcError) : [];
    this.failed = errors.find((error) => error.code !== 'validation') ?? errors[0] ?? null;
    this.refused = errors.flatMap((error) => error.fields);
  }
}

export const typed = new Typed();

forEachPerson(() => typed.forget());
