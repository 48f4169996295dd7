// The sentence for every way a value can be wrong. Rust says the code and the numbers; the words are ours.

import { say, t, type Key } from '../i18n';
import type { FieldError, FieldErrorCode } from '../ipc/types';

const LABELS: Record<string, Key> = {
  email: 'fields.label_email',
  password: 'fields.label_password',
  password_confirmation: 'fields.label_password_confirmation',
  accept_terms: 'fields.label_accept_terms',
  accept_privacy: 'fields.label_accept_privacy',
  code: 'fields.label_code',
  passphrase: 'fields.label_passphrase',
  passphrase_confirmation: 'fields.label_passphrase_confirmation',
  central_url: 'fields.label_central_url',
  full_name: 'fields.label_full_name',
  nik: 'fields.label_nik',
  kk_number: 'fields.label_kk_number',
  birth_date: 'fields.label_birth_date',
  gender: 'fields.label_gender',
  phone: 'fields.label_phone',
  ktp_address: 'fields.label_ktp_address',
  ktp_region: 'fields.label_ktp_region',
  domicile_same_as_ktp: 'fields.label_domicile_same_as_ktp',
  domicile_address: 'fields.label_domicile_address',
  domicile_region: 'fields.label_domicile_region',
  education_level: 'fields.label_education_level',
  marital_status: 'fields.label_marital_status',
  dependants_count: 'fields.label_dependants_count',
  employment_status: 'fields.label_employment_status',
  training_interests: 'fields.label_training_interests',
};

/** Fields that are chosen, not typed. */
const CHOSEN = new Set([
  'gender',
  'ktp_region',
  'domicile_same_as_ktp',
  'domicile_region',
  'education_level',
  'marital_status',
  'employment_status',
  'training_interests',
]);

/** Fields that hold the code of a village. */
const REGIONS = new Set(['ktp_region', 'domicile_region']);

export const SENTENCES: Record<FieldErrorCode, Key> = {
  required: 'fields.required',
  too_long: 'fields.too_long',
  too_short: 'fields.too_short',
  invalid_characters: 'fields.invalid_characters',
  not_digits: 'fields.not_digits',
  wrong_length: 'fields.wrong_length',
  invalid_date: 'fields.invalid_date',
  in_future: 'fields.in_future',
  too_young: 'fields.too_young',
  too_old: 'fields.too_old',
  invalid_email: 'fields.invalid_email',
  invalid_phone: 'fields.invalid_phone',
  unknown_option: 'fields.unknown_option',
  out_of_range: 'fields.out_of_range',
  too_many: 'fields.too_many',
  zero_serial: 'fields.zero_serial',
  needs_lower: 'fields.needs_lower',
  needs_upper: 'fields.needs_upper',
  needs_digit: 'fields.needs_digit',
  contains_email: 'fields.contains_email',
  too_easy: 'fields.too_easy',
  mismatch: 'fields.mismatch',
  not_accepted: 'fields.not_accepted',
  frozen: 'fields.frozen',
  file_too_large: 'fields.file_too_large',
  file_type: 'fields.file_type',
  heic_file: 'fields.heic_file',
  file_damaged: 'fields.file_damaged',
  too_many_pixels: 'fields.too_many_pixels',
  not_legible: 'fields.not_legible',
};

/** Name of a field, as at the start of a sentence. */
export function fieldLabel(field: string): string {
  return say(LABELS[field] ?? 'fields.label_other');
}

/** The sentence that stands beside the field and in the error summary. */
export function fieldSentence(error: FieldError): string {
  const values = { ...error.params, label: fieldLabel(error.field) };
  if (error.code === 'required' && CHOSEN.has(error.field)) return say('fields.required_option', values);
  // Chosen down to a regency or a district: the village is what is missing.
  if (REGIONS.has(error.field) && error.code !== 'required') return say('fields.region_unfinished', values);
  if (error.code === 'invalid_date' && error.field === 'nik') return t('fields.invalid_date_nik');
  if (error.code === 'wrong_length' && (error.params?.actual ?? 0) > (error.params?.expected ?? 0)) {
    return say('fields.wrong_length_over', values);
  }
  return say(SENTENCES[error.code] ?? 'fields.unknown_option', values);
}

/** First sentence of every wrong field: what the form shows beside its controls. */
export function sentencesByField(errors: readonly FieldError[]): Record<string, string> {
  const sentences: Record<string, string> = {};
  for (const error of errors) sentences[error.field] ??= fieldSentence(error);
  return sentences;
}
