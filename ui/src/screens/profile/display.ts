// A stored value as a person reads it: codes become words, numbers become groups.

import { day, say, type Key } from '../../i18n';
import type { Choices, ProfileField } from '../../ipc/types';
import { dateOf } from './birth-date';
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
    case 'province':
      return choices.provinces.find((one) => one.code === value)?.name ?? value;
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
