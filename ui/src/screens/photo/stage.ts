// What the photo screen shows. Pure.

import type { Attention, PhotoView, RegistrationView, SentPhotoState } from '../../ipc/types';

export type PhotoStage =
  /** Nothing yet, or it has to be taken again. */
  | 'ways'
  /** One is prepared and looked at, or was sent in vain and is still here. */
  | 'examined'
  /** One is on its way, at central, or accepted. */
  | 'sent'
  | 'closed';

/** The state to tell of what was sent. A photo that another computer sent is known by central's word alone. */
export function sentState(photo: PhotoView, view: RegistrationView): SentPhotoState | null {
  if (photo.sent) return photo.sent.state;
  const refused = view.steps.find((one) => one.step === 'attach_photo')?.refused;
  if (refused === 'done') return 'accepted';
  return refused === 'under_way' ? 'received' : null;
}

/** Why the last photo did not arrive, when the office or this computer said so. */
export function troubleOf(view: RegistrationView): Attention | null {
  const delivery = view.steps.find((one) => one.step === 'attach_photo')?.delivery ?? null;
  return delivery?.state === 'needs_you' ? delivery.why : null;
}

export function stageOf(photo: PhotoView, view: RegistrationView): PhotoStage {
  const refused = view.steps.find((one) => one.step === 'attach_photo')?.refused;
  if (refused === 'blocked' || refused === 'ended') return 'closed';
  const state = sentState(photo, view);
  // What the office has counts, whichever way it came: no other photo is wanted.
  if (state === 'received' || state === 'accepted') return 'sent';
  if (photo.draft) return 'examined';
  // Only what travels from this computer gets there without anybody.
  return state === 'held' || isOnItsWay(state) ? 'sent' : 'ways';
}

/** It travels from this computer. A phone may be faster, so that nobody waits for a bad connection. */
export function isOnItsWay(state: SentPhotoState | null): boolean {
  return state === 'waiting' || state === 'uploading';
}
