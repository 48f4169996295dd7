import { describe, expect, it } from 'vitest';
import type { EligibilityForm, Reason } from '../../ipc/types';
import { en } from '../../i18n/en';
import { id } from '../../i18n/id';
import contract from '../../ipc/types.ts?raw';
import { answerWords, choicesOf, firstOpen, questionsOf, reachesAgeOn } from './questions';
import { REASONS } from './reasons';

const ALL: EligibilityForm = {
  citizen: 'yes',
  birth_date: '2003-02-01',
  in_formal_education: 'no',
  employment: 'laid_off',
  position: 'none',
  was_recipient: 'unsure',
  family_card_full: 'no',
};

describe('questions', () => {
  it('asks about other aid only where the scheme forbids it', () => {
    expect(questionsOf(false)).toHaveLength(7);
    expect(questionsOf(true)).toHaveLength(8);
    expect(firstOpen(questionsOf(true), ALL)).toBe('receives_other_aid');
    expect(firstOpen(questionsOf(false), ALL)).toBeNull();
  });

  it.each<[string, EligibilityForm, string | null]>([
    ['nothing', {}, 'citizen'],
    ['half a date', { ...ALL, birth_date: '2003--01' }, 'birth_date'],
    ['no such day', { ...ALL, birth_date: '2003-02-31' }, 'birth_date'],
    ['all', ALL, null],
  ])('with %s answered the next open one is right', (_case, answers, expected) => {
    expect(firstOpen(questionsOf(false), answers)).toBe(expected);
  });

  it('offers "I do not know" where only a registry knows', () => {
    for (const one of ['citizen', 'in_formal_education', 'was_recipient', 'family_card_full'] as const) {
      expect(choicesOf(one).map((choice) => choice.value)).toEqual(['yes', 'no', 'unsure']);
    }
  });

  it('reads answers in words', () => {
    expect(questionsOf(false).map((one) => answerWords(one, ALL))).toEqual([
      'Ya',
      '1 Februari 2003',
      'Tidak',
      'Terkena PHK',
      'Tidak ada',
      'Tidak tahu',
      'Tidak',
    ]);
  });

  it.each([
    ['2010-05-20', 18, '2028-05-20'],
    ['2008-02-29', 18, '2026-03-01'],
    ['2010--20', 18, null],
  ])('somebody born on %s is %i on %s', (birth, age, expected) => {
    expect(reachesAgeOn(birth, age)).toBe(expected);
  });
});

describe('reasons', () => {
  const reasons = [...(/export type Reason = ([^;]+);/u.exec(contract)?.[1] ?? '').matchAll(/"(\w+)"/gu)].map(
    (match) => match[1] as Reason,
  );

  it('each have words, a source and a way out in both languages', () => {
    expect(reasons.length).toBeGreaterThan(10);
    expect(Object.keys(REASONS).sort()).toEqual([...reasons].sort());
    for (const reason of reasons) {
      for (const key of Object.values(REASONS[reason])) {
        const name = key.replace('eligibility.', '') as keyof typeof id.eligibility;
        expect(id.eligibility[name], key).toBeTruthy();
        expect(en.eligibility[name], key).toBeTruthy();
      }
    }
  });
});
