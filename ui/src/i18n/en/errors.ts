// What happened, is my data safe, what to do: for every code that the app can answer with. English.

import type { errors as source } from '../id/errors';
import type { Translation } from '../translation';

export const errors: Translation<typeof source> = {
  // Sign-up and sign-in keep nothing on disk: what is typed there is still on the screen, and that is all.
  offline_unsaved: 'What you typed is still on this screen. Connect to the internet and try again.',
  not_our_server_unsaved:
    'The network may want a login first. Nothing was sent to anybody. Check your connection and try again.',
  tls_blocked_unsaved:
    'Something stops the encrypted connection to the office, so nothing was sent. Try another network, such as a phone hotspot.',
  clock_wrong_unsaved: 'That is why the secure connection is refused. Correct date and time, then try again.',
  busy_unsaved: 'What you typed is still on this screen. Wait a little and try again.',
  rate_limited_unsaved: 'For the safety of your account, wait a little before the next try.',
  too_old_unsaved: 'The office needs a newer version. Install the new version and go on.',
  validation: 'Some fields need a correction',
  validation_text: 'Nothing you typed was cleared. Correct what is listed below and try again.',
  offline: 'No internet',
  offline_text: 'What you typed is safe on this computer. Connect to the internet and try again.',
  not_our_server: 'What answered is not the office server',
  not_our_server_text:
    'The network may want a login first. What you typed is safe and was sent to nobody. Check your connection and try again.',
  tls_blocked: 'The secure connection is blocked',
  tls_blocked_text:
    'Something stops the encrypted connection to the office, so nothing was sent. What you typed is safe. Try another network, such as a phone hotspot.',
  clock_wrong: 'The computer’s date or time is wrong',
  clock_wrong_text:
    'That is why the secure connection is refused. What you typed is safe. Correct date and time, then try again.',
  busy: 'The office server is busy',
  busy_text: 'What you typed is safe on this computer. Wait a little and try again.',
  rate_limited: 'Too many tries',
  rate_limited_text: 'What you typed is safe. For the safety of your account, wait a little before the next try.',
  too_old: 'This version of the app needs an update',
  too_old_text:
    'The office needs a newer version. What you typed stays safe on this computer. Install the new version and go on.',
  wrong_credentials: 'E-mail and password do not match',
  wrong_credentials_text:
    'Check the spelling of the e-mail, capital letters and Caps Lock. Nothing on this computer has changed.',
  wrong_code: 'The code does not match',
  wrong_code_text: 'Check the 6 digits in the newest e-mail. Codes of earlier e-mails are no longer valid.',
  wrong_code_left: 'Check the 6 digits in the newest e-mail. Tries left: {attempts_left}.',
  code_expired: 'The code is no longer valid',
  code_expired_text: 'Ask for a new one below. Your sign-up is still there.',
  code_locked: 'Wrong too often',
  code_locked_text: 'The code is locked for a while for the safety of your account. Your sign-up is still there.',
  code_send_locked: 'No new code for now',
  code_send_locked_text:
    'Codes were sent too often. The last one that you received can still be used as long as it is valid.',
  sign_in_needed: 'You need to sign in again',
  sign_in_needed_text: 'Your data is still on this computer and is sent after you sign in.',
  account_locked: 'The account is locked for a while',
  account_locked_text: 'Your data on this computer is safe. Sign in again when the wait is over.',
  unsent_items: 'Some things are not sent yet',
  unsent_items_text:
    'If you sign out now, what is not sent stays here, encrypted, and is sent only after you sign in again.',
  not_found: 'Not found',
  not_found_text: 'This is no longer in the list. Reload the list and choose again.',
  already_enrolled: 'You are enrolled in this training already',
  already_enrolled_text: 'There is no need to enrol again. See My activities.',
  seat_full: 'All seats are taken',
  seat_full_text: 'You did not get a seat and nothing was charged. Choose another date or training.',
  enrolment_closed: 'Enrolment has closed',
  enrolment_closed_text: 'Choose another date that is still open.',
  needs_balance: 'This training needs a training balance',
  needs_balance_text: 'You get a balance after you are accepted in a wave. Free trainings are open to you now.',
  not_cancellable: 'This can no longer be cancelled',
  not_cancellable_text: 'The office has processed it. See My activities for how it stands now.',
  bad_address: 'This server address cannot be used',
  bad_address_text:
    'It must begin with https:// and hold no user name. http:// is allowed for this computer itself only.',
  vault_locked: 'The data on this computer is still locked',
  vault_locked_text: 'Unlock it first. Nothing is lost.',
  wrong_passphrase: 'The passphrase does not match',
  wrong_passphrase_text: 'No data is changed or deleted, however often it is wrong. Check capital letters and spaces.',
  vault_broken: 'The data on this computer cannot be opened',
  vault_broken_text: 'Nothing was deleted. Follow the steps on the next screen.',
  vault_busy: 'Another program holds the data file',
  vault_busy_text:
    'A backup or a virus scanner, for example. The last thing you typed may not be saved yet. Wait a little and try again without leaving this screen.',
  disk_full: 'The computer’s disk is full',
  disk_full_text:
    'The last thing you typed may not be saved yet. Free some space and try again without leaving this screen.',
  disk_low: 'Too little disk space for a photo',
  disk_low_text:
    'This photo was not saved. What you type is still saved. Free some space, in Downloads for example, and choose the photo again.',
  disk_low_numbers:
    '{free_mb} MB are left, and a new photo needs {needed_mb} MB so that what you type can still be saved. This photo was not saved; what you typed is safe. Free some space, in Downloads for example, and try again.',
  step_refused: 'This part cannot be done now',
  step_refused_text:
    'The office knows a newer state. What you filled in is safe. Open Registration to see what can be done.',
  nik_taken: 'Another account uses this NIK',
  nik_taken_text:
    'A NIK belongs to one account only. If that account is yours, sign in to it. If not, contact the help desk.',
  profile_incomplete: 'Personal data is not complete',
  profile_incomplete_text: 'Complete your personal data first. What you filled in is still there.',
  wave_not_open: 'This wave is not open, or no longer',
  wave_not_open_text: 'Nothing is lost. See which waves are open.',
  not_in_region: 'This wave is not for your province',
  not_in_region_text: 'Nothing is lost. You can join another wave without typing anything again.',
  scheme_unfit: 'Your registration does not meet the rules of this wave',
  scheme_unfit_text: 'Your registration stays valid. Choose a wave whose rules you meet.',
  already_member: 'You are a participant already, or were one',
  already_member_text: 'The Kartu Prakerja is once in a lifetime, so there is no need to join again.',
  party_unavailable: 'An outside service does not answer',
  party_unavailable_text:
    'The office is reached, but the service it asks (SMS or face check, for example) does not answer yet. This costs none of your tries. Try again later.',
  test_over: 'The time of the test is over',
  test_over_text: 'Answers that you chose before are sent and marked all the same.',
  photo_unusable: 'This file cannot be read as a photo',
  photo_unusable_text: 'Choose a JPEG or PNG file of at most 20 MB, or take a new photo.',
  no_sealing_key: 'The photo cannot be locked for the office yet',
  no_sealing_key_text:
    'This computer has not received the key of the office. Your photo is safe here. Connect to the internet once and try again.',
  selection_failed: 'The result of the selection cannot be proved',
  selection_failed_text: 'Some part differs from what was announced. Keep the code below and report it.',
  still_participant: 'The account of a participant cannot be closed here',
  still_participant_text:
    'You are or were a participant, and the programme must keep the record of the card and its balance. Nothing was deleted. Ask the help desk with your case number.',
  draw_under_way: 'A selection in which you take part is under way',
  draw_under_way_text:
    'Until its result is out, the list of applicants must not change. Nothing was deleted. Try again when the result is published.',
  still_signed_in: 'This account is still signed in on this computer',
  still_signed_in_text: 'Nothing was deleted. Sign out, or close the account in Settings.',
  closing_unknown: 'It is not known yet whether your account is closed',
  closing_unknown_text:
    'Your request may have arrived, but its answer did not come. Nothing is deleted on this computer yet. This computer asks the office by itself until it knows; if the account was closed, its data here is deleted, too. You may also try again.',
  internal: 'Something went wrong inside this app',
  internal_text: 'What was saved stays safe. Try once more. If this stays, read the code below to the help desk.',
  wait: 'Try again in {time}.',
  wait_until: 'Try again from {time} on.',
  action_check: 'Check the connection',
  action_sign_in: 'Sign in again',
  action_activities: 'Open My activities',
  action_trainings: 'Open the list of trainings',
  action_settings: 'Open Settings',
  action_help: 'Open Help',
  action_waves: 'See the waves',
  action_member: 'See your membership',
  action_test: 'Open the test',
  action_registration: 'Open Registration',
  action_profile: 'Complete personal data',
  action_sync: 'See what is not sent',
};
