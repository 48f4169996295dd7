// Where the verification of the phone stands. Pure.

import type { PhoneCodeView, RegistrationView } from '../../ipc/types';

export type PhoneStage = 'done' | 'later' | 'start' | 'code';

export function stageOf(view: RegistrationView, pending: PhoneCodeView | null): PhoneStage {
  if (view.phone !== null && view.phone.verified_at !== null) return 'done';
  const refused = view.steps.find((one) => one.step === 'send_phone_code')?.refused ?? null;
  if (refused === 'done') return 'done';
  if (pending !== null) return 'code';
  return refused === null ? 'start' : 'later';
}
