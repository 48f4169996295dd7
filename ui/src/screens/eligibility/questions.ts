// Which questions are asked, which is next, and how an answer reads. Pure; what the answers come to, Rust decides.

import { day, say, type Key } from '../../i18n';
import type { EligibilityForm, EmploymentStatus, Position } from '../../ipc/types';
import { dateOf } from '../profile/birth-date';

export type Question = keyof EligibilityForm;

const QUESTIONS: readonly Question[] = [
  'citizen',
  'birth_date',
  'in_formal_education',
  'employment',
  'position',
  'receives_other_aid',
  'was_recipient',
  'family_card_full',
];

const EMPLOYMENT: readonly EmploymentStatus[] = [
  'job_seeker',
  'laid_off',
  'furloughed',
  'employee',
  'non_wage_worker',
  'micro_small_business',
  'student',
];

const POSITIONS: readonly Position[] = [
  'none',
  'state_official',
  'parliament_member',
  'civil_servant',
  'military',
  'police',
  'village_head',
  'village_official',
  'state_enterprise_board',
];

/** Other aid is asked only where the scheme forbids it. */
export function questionsOf(asksOtherAid: boolean): Question[] {
  return QUESTIONS.filter((one) => asksOtherAid || one !== 'receives_other_aid');
}

/** True when a question has an answer; a date counts once there is such a day. */
export function isAnswered(question: Question, answers: EligibilityForm): boolean {
  const answer = answers[question];
  if (question !== 'birth_date') return answer !== undefined && answer !== null;
  return typeof answer === 'string' && dateOf(answer) !== null;
}

/** The first question without an answer; `null` when there is none. */
export function firstOpen(questions: readonly Question[], answers: EligibilityForm): Question | null {
  return questions.find((one) => !isAnswered(one, answers)) ?? null;
}

/** Choices of a question with the keys of their words; none for the date. */
export function choicesOf(question: Question): { value: string; label: Key }[] {
  switch (question) {
    case 'birth_date':
      return [];
    case 'employment':
      return EMPLOYMENT.map((value) => ({ value, label: `profile.employment_${value}` }));
    case 'position':
      return POSITIONS.map((value) => ({ value, label: `eligibility.position_${value}` }));
    default:
      return (['yes', 'no', 'unsure'] as const).map((value) => ({ value, label: `eligibility.${value}` }));
  }
}

/** A question in words, with the number of the scheme that it is about. */
export function questionWords(question: Question, familyMax: number): string {
  return say(`eligibility.q_${question}`, { family_max: familyMax });
}

/** An answer as a person reads it. */
export function answerWords(question: Question, answers: EligibilityForm): string {
  const answer = answers[question] ?? '';
  if (question === 'birth_date') return day(answer);
  const choice = choicesOf(question).find((one) => one.value === answer);
  return choice ? say(choice.label) : answer;
}

/** The day on which somebody reaches an age, `2028-05-20`; `null` while the birth date is none. */
export function reachesAgeOn(birthDate: string, age: number): string | null {
  const birth = dateOf(birthDate);
  if (birth === null) return null;
  const on = new Date(Date.UTC(birth.getUTCFullYear() + age, birth.getUTCMonth(), birth.getUTCDate(), 12));
  return on.toISOString().slice(0, 10);
}
