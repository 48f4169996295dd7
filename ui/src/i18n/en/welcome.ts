// Words of the welcome screen, English.

import type { welcome as source } from '../id/welcome';
import type { Translation } from '../translation';

export const welcome: Translation<typeof source> = {
  title: 'Prepare 3 things for Prakerja',
  title_back: 'Go on with your preparation',
  lead: 'This app goes with you from the connection check to a place in a training. It is free, and works on when the internet drops.',
  language: 'Language',
  progress: '{done} of 3 done',
  next: 'Next step',
  connection: 'Internet connection',
  connection_text: 'Checked in about 30 seconds, so that sign-up does not break off half-way.',
  account: 'Account',
  account_text: 'E-mail, password, then 6 digits that we send to your e-mail. About 4 minutes.',
  personal: 'Personal data',
  personal_text: 'Have your e-KTP and family card ready. About 6 minutes, in parts if you like, also without internet.',
  status_todo: 'Not started',
  status_done: 'Done',
  status_checked: 'Checked {time}',
  status_attention: 'Check again',
  status_waiting_code: 'Waiting for the code',
  status_partial: '{filled} of {total} filled in',
  status_filled: 'Ready to review',
  start_check: 'Check the connection now',
  start_account: 'Create an account',
  start_code: 'Enter the code',
  start_personal: 'Fill in personal data',
  check_conditions: 'Not sure whether you may take part? Check the conditions, 1 minute',
  have_account: 'Have an account already? Sign in',
  need_title: 'What you need',
  need_ktp: 'e-KTP and family card (Kartu Keluarga)',
  need_email: 'An e-mail address that you can open',
  need_phone: 'A mobile number in use',
  need_time: 'About 15 minutes; you may stop at any time',
  need_cost: 'Cost: free. Whoever asks for money is not from us.',
  about_title: 'An independent app',
  about_text:
    'Not an official site or app of the government, and without official logos. What you type is stored encrypted on this computer and sent only to the server named in Settings.',
  about_link: 'How your data is kept safe',
  demo_title: 'This is a sample server',
  demo_text:
    'All trainings and accounts here are for trying out only. Do not use a real NIK, family card number or password.',
  discouraged_title: 'Your connection is not stable yet',
  discouraged_text:
    'Fill in your personal data first. Everything is saved on this computer; the account can wait for a better connection.',
};
