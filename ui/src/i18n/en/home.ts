// Words of the screens in `screens/home`, English.

import type { home as source } from '../id/home';
import type { Translation } from '../translation';

export const home: Translation<typeof source> = {
  title: 'Hello, {name}',
  title_nameless: 'Hello',
  progress: '{done} of 3 preparations are done.',
  progress_all: 'All three preparations are done.',
  next_eyebrow: 'Next step',
  next_create_account_title: 'Create your account',
  next_create_account_text:
    'All it takes is an e-mail address that works and a password. You may fill in your personal data first; it is kept on this computer.',
  next_create_account_action: 'Create account',
  next_finish_sign_up_title: 'Type the code from your e-mail',
  next_finish_sign_up_text: 'Your account is almost ready. Open your e-mail and type the 6-digit code that we sent.',
  next_finish_sign_up_action: 'Type the code',
  next_sign_in_title: 'Sign in again',
  next_sign_in_text: 'Your session is over. Nothing is lost: everything is still saved on this computer.',
  next_sign_in_text_waiting:
    'Your session is over. What you made is safe on this computer (waiting: {waiting}) and is sent once you sign in again.',
  next_sign_in_action: 'Sign in',
  next_needs_you_title: 'Something needs your decision',
  next_needs_you_text:
    'Not everything can be sent without you (items: {count}). What you made stays safe on this computer.',
  next_needs_you_action: 'See what needs you',
  next_start_profile_title: 'Fill in your personal data',
  next_start_profile_text:
    'About 6 minutes. Have your e-KTP and family card at hand. Works without internet and is saved while you type.',
  next_start_profile_action: 'Start · {total} fields',
  next_continue_profile_title: 'Continue your personal data',
  next_continue_profile_text:
    'What you typed is still there. Go on at the first field that is missing, also without internet.',
  next_continue_profile_action: 'Continue · {filled} of {total} filled in',
  next_confirm_profile_title: 'Check and send your personal data',
  next_confirm_profile_text: 'Every field is filled in. Read it once more, then send it.',
  next_confirm_profile_action: 'Check personal data',
  next_choose_training_title: 'Choose a free training',
  next_choose_training_text:
    'Trainings of public training centres (BLK) are open to everyone with an account, without training balance.',
  next_choose_training_action: 'Find a training',
  next_wait_for_connection_title: 'Only the connection is missing',
  next_wait_for_connection_text:
    'What you made is saved on this computer (waiting: {waiting}) and goes out by itself once there is internet. You may close the app.',
  next_wait_for_connection_action: 'See what waits',
  next_nothing_title: 'All done for now',
  next_nothing_text: 'Nothing waits for you. Look at your activities or find another training.',
  next_nothing_action: 'See my activities',
  journey_title: 'Your journey',
  journey_stage_connection: 'Connection',
  journey_stage_account: 'Account',
  journey_stage_personal: 'Personal data',
  journey_stage_wave: 'Gelombang',
  journey_stage_training: 'Training',
  journey_stage_certificate: 'Certificate',
  journey_stage_incentive: 'Incentive',
  journey_standing_done: 'done',
  journey_standing_now: 'now',
  journey_standing_open: 'can start',
  journey_standing_later: 'later',
  journey_note:
    'Gelombang (waves), certificates and incentives are not yet available in this version of the app. Free trainings are.',
  waiting_title: 'Waiting to be sent',
  waiting_empty: 'Nothing waits. Everything you sent was received by the office.',
  waiting_none_yet: 'There is nothing to send yet.',
  waiting_all: 'See all',
  waiting_more: 'and {count} more',
  activities_title: 'My activities',
  activities_empty: 'None yet. Trainings that you ask for appear here.',
  activities_all: 'See all activities',
  wave_title: 'Gelombang (wave)',
  wave_none: 'There is no wave that can be joined in this app yet',
  wave_text: 'Joining a wave is not available in this version. Complete personal data makes you ready for when it is.',
  wave_tag: 'Not yet available',
};
