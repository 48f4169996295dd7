// Words of the screens in `screens/appeal`, English.

import type { appeal as source } from '../id/appeal';
import type { Translation } from '../translation';

export const appeal: Translation<typeof source> = {
  title: 'Block and appeal',
  failed: 'The state of your account cannot be opened',
  retry: 'Try again',
  none_title: 'Your account is not blocked',
  none_text: 'There is nothing for you to do here.',
  none_action: 'Go to Home',
  blocked_title: 'Your account is blocked',
  blocked_since: 'Since {time}. Your data and what you filled in stay saved.',
  reason: 'Reason',
  reason_false_data: 'Some data is not true.',
  reason_automation: 'The registration looks made by a program, not a person.',
  reason_proxy: 'The registration looks made by somebody else (a “joki”).',
  reason_missed_first_purchase: 'The first training was not bought in time.',
  reason_unfinished_training: 'A training that was bought was not finished.',
  reason_terms_broken: 'The terms and conditions were broken.',
  reason_other: 'The office blocked your account. Its explanation, if there is one, stands below.',
  note: 'The office says',
  means:
    'It means: you cannot join a wave until the block is lifted. An application that exists is answered by the office.',
  form_title: 'Appeal',
  form_text: 'Explain in your own words why this block is wrong. A person reads it, not a machine.',
  label: 'Your explanation',
  hint: 'Say what happened and when. Do not write passwords, codes or card numbers.',
  left: 'Characters left: {count}',
  over: 'Too long by {count} characters',
  required: 'Your explanation is still empty.',
  too_long: 'Your explanation is too long. At most {max} characters.',
  kept: 'What you type stays while this app is open.',
  send: 'Send the appeal',
  send_later: 'Save & send when online',
  sending: 'Saving…',
  send_failed: 'The appeal is not sent yet',
  offline: 'You are offline: the appeal is saved on this computer and sent once there is internet.',
  sent_title: 'Your appeal',
  sent_next: 'A person reads your appeal and answers here and in the inbox.',
  returned:
    'The office did not process this appeal, so it will not be answered. What you wrote is below again: check it, then send it once more.',
  answered_granted: 'Your appeal was granted',
  answered_granted_text: 'The block is lifted. You can go on as usual.',
  answered_refused: 'Your appeal was not granted',
  answered_refused_text: 'The block stays. You may appeal again if there is something new to explain.',
  answer: 'The office’s answer',
};
