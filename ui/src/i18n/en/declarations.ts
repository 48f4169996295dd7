// Words of the declarations, English. The questions themselves come with the programme's rules.

import type { declarations as source } from '../id/declarations';
import type { Translation } from '../translation';

export const declarations: Translation<typeof source> = {
  title: 'Declarations',
  lead: 'Answer yourself and truthfully. Works without internet; saved with every choice.',
  questions: 'Questions',
  progress: '{done} of {total} answered',
  yes: 'Yes',
  no: 'No',
  consents: 'Consents',
  consents_text: 'Read them one by one. None is ticked for you.',
  excludes_title: 'Is this answer right?',
  excludes_text: 'Once sent, your registration ends because:',
  excludes_kept: 'It is not sent yet. You can still change it.',
  excludes_right: 'Yes, it is right',
  excludes_change: 'No, change it to “{answer}”',
  excludes_confirmed: 'You declare that this answer is right.',
  save_failed: 'This answer is not saved yet',
  saved: 'Saved on this computer {time}. Not sent yet.',
  not_saved_yet: 'Every answer is saved on this computer at once.',
  send_title: 'Send the declarations',
  send_text: 'They can be sent once only and cannot be changed once the office has received them.',
  send: 'Send the declarations',
  save_and_send_later: 'Save & send when online',
  sending: 'Saving…',
  offline:
    'You are offline. Your declarations are saved on this computer and go out by themselves once you are online.',
  would_exclude: 'With your present answers the registration ends once they are sent.',
  missing_title: 'Something is still open',
  missing_answer: 'Question {number} is not answered yet.',
  missing_confirm: 'Question {number}: make sure that your answer is right.',
  missing_consent: 'Consent {number} is not ticked yet.',
  consent_why: 'Without this consent the registration cannot be processed. You are free not to give it and stop here.',
  waiting_title: 'Saved on this computer',
  waiting_text: 'Your declarations go out by themselves once there is internet. You may close the app.',
  received_title: 'The office has received your declarations',
  done: 'This part is done.',
  read_only: 'What the office has received cannot be changed.',
  closed: 'This part is closed for now. Registration says why.',
  why_title: 'Why one by one?',
  why_text:
    'Each answer is recorded with its time, and each consent stands by itself. You may withdraw a consent at any time (Law 27/2022).',
};
