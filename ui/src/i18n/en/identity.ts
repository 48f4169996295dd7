// Words of the identity match, English.

import type { identity as source } from '../id/identity';
import type { Translation } from '../translation';

export const identity: Translation<typeof source> = {
  title: 'Identity match',
  lead: 'The office asks the civil registry (Dukcapil) whether this data fits.',
  read_back: 'This will be compared',
  read_back_text: 'Compare it with e-KTP and family card, four digits at a time.',
  change: 'Change',
  empty: 'Not filled in',
  send: 'Send to be matched',
  send_again: 'Send again',
  save_and_send_later: 'Save & send when online',
  sending: 'Saving…',
  incomplete: 'Complete what is missing or wrong first. Then you can send it.',
  complete_profile: 'Complete your personal data',
  offline: 'You are offline. Your request is saved on this computer and goes out by itself once you are online.',
  tries: 'Tries left before a wait: {count}.',
  locked: 'For safety, try again in {time} (at {at}).',
  waiting_title: 'Saved on this computer',
  waiting_text: 'It goes out by itself once there is internet. You may close the app.',
  put_off_title: 'Not matched yet',
  put_off_too_many_tries:
    'Matching was tried too often. Your request is safe on this computer and is sent again by itself, not before {time}.',
  put_off_party_unavailable:
    'The civil registry does not answer the office. Your request is safe on this computer and is sent again by itself, not before {time}.',
  asked_title: 'The office is asking the civil registry',
  asked_text: 'Usually some minutes. You may leave this screen; the answer appears in Registration.',
  matched_title: 'Your identity fits',
  matched_text: 'Matched {time}. This part is done.',
  matched_text_plain: 'This part is done.',
  matched_next: 'On to the next part',
  mismatch_title: 'Something differs from the civil registry',
  mismatch_text: 'Check these with the card in hand:',
  mismatch_all: 'The registry does not say which one. Check all of them with the card in hand.',
  mismatch_right: 'Exactly as on the card already? The registry may be out of date. Contact Dukcapil.',
  kk_full_title: 'Your family card has {family_max} recipients already',
  kk_full_text:
    'Recipients on a family card: {family_max} at most. If your family card has changed, have it renewed at Dukcapil, change the number here and send again.',
  recipient_title: 'This NIK has received the Kartu Prakerja before',
  recipient_text:
    'The Kartu Prakerja is once in a lifetime. You think this is wrong? Contact the help desk with your case number.',
  dukcapil_title: 'Help of Dukcapil',
  dukcapil_phone: 'Telephone',
  dukcapil_wa: 'WhatsApp or SMS',
  dukcapil_email: 'E-mail',
  dukcapil_office: 'Or go to the nearest Dukcapil office with e-KTP and family card. Free of charge.',
  safe_title: 'Your data is safe',
  safe_text:
    'NIK and family-card number are stored encrypted on this computer and at the office. Only the office asks the registry.',
  closed: 'This part is closed for now. Registration says why.',
};
