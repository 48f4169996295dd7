// Words around the help pages, English. The pages themselves are in `screens/help/pages`.

import type { help as source } from '../id/help';
import type { Translation } from '../translation';

export const help: Translation<typeof source> = {
  title: 'Help',
  lead: 'Can be read without internet.',
  search: 'Search the help',
  search_hint: 'For example: code, NIK, offline',
  found: '{count} pages found',
  none: 'No page fits',
  none_text: 'Try another word, or see all pages.',
  all: 'All pages',
  back: 'All help',
  contact_title: 'Need a person?',
  contact_text:
    'Prakerja call centre 0800 150 3001 (free of charge). Never tell anyone a password or a verification code.',
};
