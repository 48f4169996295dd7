// Words of a forgotten password and of its code, English. None of them says whether an address has an account.

import type { reset as source } from '../id/reset';
import type { Translation } from '../translation';

export const reset: Translation<typeof source> = {
  link: 'Forgot the password?',
  title: 'Forgot the password',
  lead: 'Choose a new password. The code that you receive proves that the account is yours.',
  email_hint: 'The e-mail address of your account.',
  password: 'New password',
  password_confirmation: 'Repeat the new password',
  by: 'How should the code come?',
  by_mail: 'By e-mail',
  by_sms: 'By SMS',
  by_sms_hint:
    'To the mobile number of the account, when it was verified some days ago. If no SMS can be sent, an e-mail tells you so.',
  offline: 'You are offline. A code can be asked for once you are connected; what you typed is still on this screen.',
  submit: 'Ask for the code',
  submitting: 'Asking for the code…',
  sign_in: 'Remembered it? Sign in',
  waiting_password: 'You have asked for a code for {email}.',
  waiting_account:
    'The sign-up with {email} still waits for its code. A code that you ask for here takes its place: you would have to sign up again.',
  waiting_action: 'Type the code',
  after_1: 'A code of 6 digits comes the way that you choose. You type it on the next screen.',
  after_2: 'The new password holds once the code was right. Nothing changes before.',
  after_3: 'Every other computer that is signed in to the account is signed out.',
  after_4: 'The data on this computer stays.',
  unreachable: 'Neither the e-mail nor the mobile number works any more?',
  unreachable_text:
    'Ask the help desk, with your case number and your e-KTP at hand. The office checks who you are and can then enter another e-mail address. Never give away a password or a code.',
  unreachable_action: 'Whom to ask',

  code_title_sms: 'Type the code from the SMS',
  code_lead_mail: 'If {email} has an account, 6 digits are sent there. The new password holds once the code was right.',
  code_lead_sms:
    'If {email} has an account with a verified mobile number, 6 digits are sent to it by SMS. The new password holds once the code was right.',
  code_submit: 'Change the password and sign in',
  code_resent: 'A new code was asked for at {time}. The old one is no longer valid.',
  code_used: 'This code was typed wrong too often, so it is over. Nothing has changed. Ask for a new code.',
  code_locked:
    'Codes for this address were wrong too often, so they are locked for safety. No new code is sent until then. Nothing has changed.',
  not_there_other: 'Your account may have another address. If this one has no account, the e-mail that comes says so.',
  not_there_mail: 'Open your e-mail, too. If no SMS can be sent, it says why.',
  change: 'Another address, or another way',
  change_title: 'Ask for the code in another way?',
  change_text:
    'The present code is given up here, and nothing has changed. You return to the form; the new password has to be typed again.',
  change_confirm: 'Yes, back to the form',
  none_title: 'No code is awaited',
  none_text: 'It may have been used or given up. Sign in with your password, or ask for a new code.',
};
