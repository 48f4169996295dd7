// The steps of the personal data: which field is asked where, and where a person who comes back goes on.
// Pure: no window, no words. What a right value is, Rust decides (`check_profile_fields`).

import type { FieldError, ProfileField, ProfileView } from '../../ipc/types';

/** A step that asks for something; the review comes after the last one. */
export type StepName =
  'name' | 'identity' | 'birth' | 'phone' | 'address' | 'domicile' | 'work' | 'family' | 'interests';

export interface Step {
  name: StepName;
  fields: readonly ProfileField[];
}

export const STEPS: readonly Step[] = [
  { name: 'name', fields: ['full_name'] },
  { name: 'identity', fields: ['nik', 'kk_number'] },
  { name: 'birth', fields: ['birth_date', 'gender'] },
  { name: 'phone', fields: ['phone'] },
  { name: 'address', fields: ['ktp_region', 'ktp_address'] },
  { name: 'domicile', fields: ['domicile_same_as_ktp', 'domicile_region', 'domicile_address'] },
  { name: 'work', fields: ['education_level', 'employment_status'] },
  { name: 'family', fields: ['marital_status', 'dependants_count'] },
  { name: 'interests', fields: ['training_interests'] },
];

/** Every field in the order of the form. */
export const ALL_FIELDS: readonly ProfileField[] = STEPS.flatMap((step) => step.fields);

/** Fields that are asked only of who lives elsewhere than the identity card says. */
const ELSEWHERE: readonly ProfileField[] = ['domicile_region', 'domicile_address'];

/** True when a field is asked, given what was answered. */
export function asked(field: string, values: Partial<Record<ProfileField, string>>): boolean {
  return values.domicile_same_as_ktp === 'no' || !(ELSEWHERE as readonly string[]).includes(field);
}

export function stepOf(field: ProfileField): Step {
  const found = STEPS.find((step) => step.fields.includes(field));
  if (!found) throw new Error(`no step asks for ${field}`);
  return found;
}

/** True once nothing that a step asks for may be changed any more. */
export function frozenStep(step: Step, frozen: ProfileView['frozen']): boolean {
  return step.fields.every((field) => frozen[field] !== undefined);
}

/** Route of the step after `name`; the review after the last. */
export function routeAfter(name: StepName): string {
  const next = STEPS[STEPS.findIndex((step) => step.name === name) + 1];
  return next ? `profile-${next.name}` : 'profile-review';
}

/** Route of the step before `name`; home before the first. */
export function routeBefore(name: StepName): string {
  const before = STEPS[STEPS.findIndex((step) => step.name === name) - 1];
  return before ? `profile-${before.name}` : 'home';
}

/** Where somebody who comes back goes on: the first step with a field that is missing or wrong, else the review. */
export function routeToContinue(errors: readonly FieldError[]): string {
  const wrong = new Set<string>(errors.map((error) => error.field));
  const step = STEPS.find((one) => one.fields.some((field) => wrong.has(field)));
  return step ? `profile-${step.name}` : 'profile-review';
}

/** The steps that are complete and right. */
export function completeSteps(errors: readonly FieldError[]): Set<StepName> {
  const wrong = new Set<string>(errors.map((error) => error.field));
  return new Set(STEPS.filter((step) => !step.fields.some((field) => wrong.has(field))).map((step) => step.name));
}

/** Values of all fields, so that forms never meet `undefined`. */
export function valuesOf(view: ProfileView): Record<ProfileField, string> {
  const values = {} as Record<ProfileField, string>;
  for (const field of ALL_FIELDS) values[field] = view.values[field] ?? '';
  return values;
}

/** First choice of the fields that are groups of choices. */
const FIRST_CHOICE: Record<string, string> = {
  gender: 'male',
  domicile_same_as_ktp: 'yes',
  employment_status: 'job_seeker',
  marital_status: 'single',
  training_interests: 'first',
};

/** Id of the input that the error summary links to: composed fields lead to their first part. */
export function inputIdOf(field: string): string {
  if (field === 'birth_date') return 'birth_date-day';
  const first = FIRST_CHOICE[field];
  if (first !== undefined) return `${field}-${first}`;
  return field;
}
