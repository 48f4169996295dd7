// Words of closing the account, English.

import type { closing as source } from '../id/closing';
import type { Translation } from '../translation';

export const closing: Translation<typeof source> = {
  link: 'Close the account',
  title: 'Close the account',
  lead: 'Your account and its data are deleted, and nobody can bring them back.',
  sign_in_title: 'Sign in first',
  sign_in_text:
    'An account can be closed only while you are signed in. Sign in, then open this screen again from Settings.',
  deleted: 'What the office deletes',
  deleted_text: 'At once, and for good:',
  deleted_account: 'your account and e-mail address',
  deleted_personal: 'personal data, NIK and family card number included',
  deleted_photo: 'the photo of the e-KTP',
  deleted_test: 'the test and its answers',
  deleted_applications: 'applications for waves',
  stays: 'What stays',
  stays_lists: 'The published lists of draws. They hold no name.',
  computers: 'On computers',
  computers_this: 'This computer deletes everything of this account, also what is not sent yet.',
  computers_other: 'Other computers keep their copy, locked, until somebody deletes it there.',
  not_now: 'When it is not possible',
  not_now_participant: 'If you are or were a participant: the record of the card and its balance must be kept.',
  not_now_draw: 'While a selection in which you take part is under way.',
  form: 'Close {email}',
  password_hint: 'To be sure that it is you.',
  understood: 'I understand that this cannot be undone.',
  understood_missing: 'Tick first that you understand.',
  wrong_password: 'The password is wrong. Nothing was deleted.',
  offline:
    'This computer deleted nothing. Try again when there is internet. If your password is refused then, the office has closed the account already.',
  submit: 'Close the account for good',
  submitting: 'Closing the account…',
  done_title: 'Your account is closed',
  done_text: 'Its data was deleted at the office and on this computer.',
};
