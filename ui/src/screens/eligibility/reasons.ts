// Every reason that excludes somebody: its words, where the rule comes from, what the person can do. The rules are in
// Rust (`domain::eligibility`), whose documentation names the same sources.

import type { Key } from '../../i18n';
import type { Reason } from '../../ipc/types';

export interface ReasonWords {
  title: `eligibility.reason_${Reason}`;
  law: Key;
  help: Key;
}

function words(reason: Reason, law: Key, help: Key): ReasonWords {
  return { title: `eligibility.reason_${reason}`, law, help };
}

function position(reason: Reason): ReasonWords {
  return words(reason, 'eligibility.law_positions', 'eligibility.help_position');
}

export const REASONS: Record<Reason, ReasonWords> = {
  not_citizen: words('not_citizen', 'eligibility.law_conditions', 'eligibility.help_not_citizen'),
  too_young: words('too_young', 'eligibility.law_conditions', 'eligibility.help_too_young'),
  too_old: words('too_old', 'eligibility.law_age_max', 'eligibility.help_too_old'),
  in_formal_education: words(
    'in_formal_education',
    'eligibility.law_conditions',
    'eligibility.help_in_formal_education',
  ),
  not_target_group: words('not_target_group', 'eligibility.law_target', 'eligibility.help_not_target_group'),
  state_official: position('state_official'),
  parliament_member: position('parliament_member'),
  civil_servant: position('civil_servant'),
  military: position('military'),
  police: position('police'),
  village_head: position('village_head'),
  village_official: position('village_official'),
  state_enterprise_board: position('state_enterprise_board'),
  receives_other_aid: words('receives_other_aid', 'eligibility.law_aid', 'eligibility.help_receives_other_aid'),
  was_recipient: words('was_recipient', 'eligibility.law_once', 'eligibility.help_was_recipient'),
  family_card_full: words('family_card_full', 'eligibility.law_family', 'eligibility.help_family_card_full'),
};

/** What central will look at when the person was not sure. Only what can be answered with "I do not know" has its own. */
const ABOUT: Partial<Record<Reason, Key>> = {
  not_citizen: 'eligibility.about_not_citizen',
  in_formal_education: 'eligibility.about_in_formal_education',
  receives_other_aid: 'eligibility.about_receives_other_aid',
  was_recipient: 'eligibility.about_was_recipient',
  family_card_full: 'eligibility.about_family_card_full',
};

export function aboutKey(reason: Reason): Key {
  return ABOUT[reason] ?? 'eligibility.about_other';
}
