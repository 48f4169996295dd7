// Where the match with the civil registry stands. Pure.

import type { Delivery, ProfileField, RegistrationView } from '../../ipc/types';

/** What is compared, or printed on the card that is: sent from here, and not to be changed from then on. */
export const MATCHED_FIELDS = [
  'nik',
  'kk_number',
  'full_name',
  'birth_date',
  'gender',
] as const satisfies ProfileField[];

export type IdentityStage =
  | 'ready'
  /** Asked for here, not at central yet. */
  | 'waiting'
  /** Central has it; the registry is being asked. */
  | 'asked'
  | 'matched'
  | 'mismatch'
  | 'kk_full'
  | 'recipient'
  | 'closed';

export function deliveryOf(view: RegistrationView): Delivery | null {
  return view.steps.find((one) => one.step === 'submit_identity')?.delivery ?? null;
}

export function stageOf(view: RegistrationView): IdentityStage {
  const delivery = deliveryOf(view);
  if (view.state === 'nik_already_recipient') return 'recipient';
  if (view.blocked !== null || view.state === 'ineligible') return 'closed';
  const open = ['not_started', 'nik_mismatch', 'kk_quota_full'].includes(view.state);
  if (open && delivery && delivery.state !== 'received' && delivery.state !== 'needs_you') return 'waiting';
  if (open && delivery?.state === 'received') return 'asked';
  switch (view.state) {
    case 'not_started':
      return 'ready';
    case 'nik_submitted':
      return 'asked';
    case 'nik_mismatch':
      return 'mismatch';
    case 'kk_quota_full':
      return 'kk_full';
    default:
      return 'matched';
  }
}

/** True when the person may send (again) from here. */
export function maySend(stage: IdentityStage): boolean {
  return stage === 'ready' || stage === 'mismatch' || stage === 'kk_full';
}
