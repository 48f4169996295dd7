// A small stand-in for the rules of eligibility, enough to see each result.

import type { Answer, EligibilityForm, EligibilityView, FieldError, Position, Reason } from './types';

/** Whole years between a typed birth date and today; `null` while it is no date. */
function yearsOf(birth: string | undefined): number | null {
  const [year, month, day] = (birth ?? '').split('-').map(Number);
  if (!year || !month || !day) return null;
  const now = new Date();
  const had = now.getMonth() + 1 > month || (now.getMonth() + 1 === month && now.getDate() >= day);
  return now.getFullYear() - year - (had ? 0 : 1);
}

export function fakeEligibility(view: EligibilityView, answers: EligibilityForm): EligibilityView {
  const no: Reason[] = [];
  const about: Reason[] = [];
  const judge = (answer: Answer | undefined, bad: Answer, reason: Reason) => {
    if (answer === bad) no.push(reason);
    if (answer === 'unsure') about.push(reason);
  };
  judge(answers.citizen, 'no', 'not_citizen');
  const years = yearsOf(answers.birth_date);
  if (years !== null && years < view.min_age) no.push('too_young');
  if (years !== null && view.max_age !== null && years > view.max_age) no.push('too_old');
  judge(answers.in_formal_education, 'yes', 'in_formal_education');
  if (answers.employment === 'student') no.push('not_target_group');
  if (answers.position && answers.position !== 'none') no.push(answers.position as Exclude<Position, 'none'>);
  if (view.asks_other_aid) judge(answers.receives_other_aid, 'yes', 'receives_other_aid');
  judge(answers.was_recipient, 'yes', 'was_recipient');
  judge(answers.family_card_full, 'yes', 'family_card_full');

  if (openQuestions({ ...view, answers }).length > 0) return { ...view, answers, result: null, checked_at: null };
  const checked_at = Date.now();
  if (no.length > 0) return { ...view, answers, result: { is: 'ineligible', reasons: no }, checked_at };
  if (about.length > 0) return { ...view, answers, result: { is: 'needs_server_check', about }, checked_at };
  return { ...view, answers, result: { is: 'eligible' }, checked_at };
}

/** Every question that is open, or whose date is none or to come. */
export function openQuestions({ asks_other_aid, answers }: EligibilityView): FieldError[] {
  const questions: (keyof EligibilityForm)[] = [
    'citizen',
    'in_formal_education',
    'was_recipient',
    'family_card_full',
    'employment',
    'position',
    'birth_date',
  ];
  if (asks_other_aid) questions.push('receives_other_aid');
  const open = questions.filter((one) => answers[one] === undefined);
  const years = yearsOf(answers.birth_date);
  const wrong: FieldError[] = open.map((field) => ({ field, code: 'required' }));
  if (years !== null && years < 0) wrong.push({ field: 'birth_date', code: 'in_future' });
  return wrong;
}
