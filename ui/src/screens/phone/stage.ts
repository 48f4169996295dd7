// Where the verification of the phone stands. Pure.

import type { PhoneCodeState, RegistrationView } from '../../ipc/types';

export type PhoneStage = 'done' | 'later' | 'start' | 'code' | 'confirmed';

export function stageOf(view: RegistrationView, { code, confirmed }: PhoneCodeState): PhoneStage {
  if (view.phone !== null && view.phone.verified_at !== null) return 'done';
  const refused = view.steps.find((one) => one.step === 'send_phone_code')?.refused ?? null;
  if (refused === 'done') return 'done';
  // Central took the code; its registration says so in a moment.
  if (confirmed) return 'confirmed';
  if (code !== null) return 'code';
  return refused === null ? 'start' : 'later';
}
