// Where the face check stands. Pure; what was checked, only the provider and central know.

import type { RegistrationView } from '../../ipc/types';

export type FaceStage = 'later' | 'ready' | 'pending' | 'failed' | 'manual' | 'done';

export function stageOf(view: RegistrationView): FaceStage {
  if (view.state === 'manual_review') return 'manual';
  const refused = view.steps.find((one) => one.step === 'start_face_check')?.refused ?? null;
  if (refused === 'done') return 'done';
  if (refused !== null) return 'later';
  if (view.state === 'face_pending') return 'pending';
  return view.state === 'face_failed' ? 'failed' : 'ready';
}
