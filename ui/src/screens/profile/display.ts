// A stored value as a person reads it: codes become words, numbers become groups.

import { paths } from '../../components/region/paths.svelte';
import { day, inWords, say, type Key } from '../../i18n';
import type { Choices, ProfileField } from '../../ipc/types';
import { dateOf } from './birth-date';
import { keysOf } from './interests';
import { phoneReadBack } from './phone-read-back';
import { inGroups } from './read-back';

export function display(field: ProfileField, value: string, choices: Choices): string {
  switch (field) {
    case 'nik':
    case 'kk_number':
      return inGroups(value);
    case 'birth_date':
      return dateOf(value) ? day(value) : value;
    case 'gender':
      return value === 'male' || value === 'female' ? say(`profile.gender_${value}`) : value;
    case 'phone':
      return phoneReadBack(value) ?? value;
    case 'ktp_region':
    case 'domicile_region':
      return paths.words(value);
    case 'domicile_same_as_ktp':
      return value === 'yes' || value === 'no' ? say(`profile.domicile_${value}`) : value;
    case 'marital_status':
      return choices.marital_statuses.includes(value) ? say(`profile.marital_${value}` as Key) : value;
    case 'dependants_count':
      return /^\d+$/u.test(value) ? say('profile.dependants', { count: value }) : value;
    case 'training_interests':
      return keysOf(value)
        .map((key) => choices.training_interests.find((one) => one.key === key))
        .map((interest, index) => (interest ? inWords(interest.text) : (keysOf(value)[index] ?? '')))
        .join(', ');
    case 'education_level':
      return choices.education_levels.includes(value) ? say(`profile.education_${value}` as Key) : value;
    case 'employment_status':
      return choices.employment_statuses.includes(value) ? say(`profile.employment_${value}` as Key) : value;
    default:
      return value;
  }
}

/** Numbers that are compared digit by digit. */
export function isDigits(field: ProfileField): boolean {
  return field === 'nik' || field === 'kk_number' || field === 'phone';
}
