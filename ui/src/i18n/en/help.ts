// Words around the help pages, English. The pages themselves are in `screens/help/pages`.

import type { help as source } from '../id/help';
import type { Translation } from '../translation';

export const help: Translation<typeof source> = {
  title: 'Help',
  lead: 'Can be read without internet.',
  search: 'Search the help',
  search_hint: 'For example: code, NIK, offline',
  found: 'Pages found: {count}',
  none: 'No page fits',
  none_text: 'Try another word, or see all pages.',
  all: 'All pages',
  back: 'All help',
  contact_title: 'Still need help?',
  contact_operator: 'Contact the operator of the office server that you use: {operator}.',
  contact_unknown: 'Contact the operator of the office server that you use. Its address is in Settings.',
  contact_demo: 'This is a sample server: there is no help desk behind it.',
  contact_careful: 'Never tell anyone a password or a verification code.',
};
