// Words of closing the account, English.

import type { closing as source } from '../id/closing';
import type { Translation } from '../translation';

export const closing: Translation<typeof source> = {
  link: 'Close the account',
  title: 'Close the account',
  lead: 'Your account is closed and its data is deleted, except for what “What stays” says. This cannot be undone.',
  sign_in_title: 'Sign in first',
  sign_in_text:
    'An account can be closed only while you are signed in. Sign in, then open this screen again from Settings.',
  deleted: 'What the office deletes',
  deleted_text: 'At once, when the account is closed:',
  deleted_account: 'your account and e-mail address',
  deleted_personal: 'personal data, NIK and family card number included',
  deleted_photo: 'the photo of the e-KTP',
  deleted_declarations: 'declarations, consents and appeals',
  deleted_test: 'the test and its answers',
  deleted_applications: 'applications for waves',
  deleted_places: 'places in trainings, which are free for others then',
  stays: 'What stays',
  stays_once:
    'The result of the test, and a declaration that excludes, without a name, under a code made of the NIK: the test is taken once, also with a new account.',
  stays_lists: 'The published lists of draws. They hold no name.',
  stays_audit: 'Notes of the work of the office. They hold numbers, no names.',
  stays_id:
    'The number of your account and nothing else, so that it stays closed if the office puts back an old backup.',
  stays_backups: 'Copies in backups of the office, until those are deleted.',
  computers: 'On computers',
  computers_this:
    'This computer deletes the data of this account, also what is not sent yet. Files that you saved yourself and old databases in folders “set-aside-…” are not deleted.',
  computers_other:
    'Other computers keep their copy, also where you have signed out. Whoever opens this app there can read it until you sign out there. Remove it there: Settings, then “Remove an account from this computer”.',
  not_now: 'When it is not possible',
  not_now_participant: 'If you are or were a participant: the record of the card and its balance must be kept.',
  not_now_draw: 'While a selection in which you take part is under way.',
  not_now_blocked: 'While your account is blocked or locked.',
  blocked: 'A blocked account cannot be closed',
  blocked_text:
    'A block must not go away with the account. Nothing was deleted. If you think that the block is wrong, appeal.',
  blocked_action: 'Open the appeal',
  locked: 'A locked account cannot be closed',
  locked_text: 'Nothing was deleted. Ask the help desk why this account is locked.',
  form: 'Close {email}',
  password_hint: 'To be sure that it is you.',
  understood: 'I understand that this cannot be undone.',
  understood_missing: 'Tick first that you understand.',
  wrong_password: 'The password is wrong. Nothing was deleted.',
  not_asked: 'The account was not asked to be closed, and nothing has changed.',
  not_known_text:
    'Nothing was deleted: the office does not know the account that is signed in on this computer. Sign out in Settings, sign in again, then open this screen.',
  submit: 'Close the account for good',
  submitting: 'Closing the account…',
  done_title: 'Your account is closed',
  done_text: 'Its data was deleted at the office and on this computer.',
};
