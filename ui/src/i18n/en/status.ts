// The five words for how a thing stands on its way to central, English. The same everywhere.

import type { status as source } from '../id/status';
import type { Translation } from '../translation';

export const status: Translation<typeof source> = {
  saved: 'Saved on this computer',
  waiting: 'Waiting for connection',
  put_off: 'Sent again later',
  sending: 'Sending',
  received: 'Received by the office',
  needs_you: 'Needs you',
};
