// The registration as the app knows it, read again when it changed. Shared by all screens of the registration.

import { Reading } from '../../app/reading.svelte';
import { app } from '../../app/state.svelte';
import { call } from '../../ipc/commands';
import type { RegistrationView } from '../../ipc/types';

/** For an `$effect`: reads now and whenever something changed; the result stops it. */
export function follow(reading: Reading<RegistrationView>): () => void {
  void reading.again();
  return app.on('registration', () => void reading.again());
}

export function readRegistration(): Reading<RegistrationView> {
  return new Reading(() => call('get_registration'));
}
