import { describe, expect, it } from 'vitest';
import type { FieldError } from '../../ipc/types';
import { ALL_FIELDS, asked, completeSteps, inputIdOf, routeAfter, routeBefore, routeToContinue, stepOf } from './steps';

const missing = (...fields: string[]): FieldError[] => fields.map((field) => ({ field, code: 'required' }));

describe('steps of the personal data', () => {
  it('ask for each of the sixteen fields exactly once', () => {
    expect(ALL_FIELDS).toHaveLength(16);
    expect(new Set(ALL_FIELDS).size).toBe(16);
    expect(stepOf('kk_number').name).toBe('identity');
  });

  it('lead from one to the next and end at the review', () => {
    expect(routeAfter('name')).toBe('profile-identity');
    expect(routeAfter('address')).toBe('profile-domicile');
    expect(routeAfter('interests')).toBe('profile-review');
    expect(routeBefore('identity')).toBe('profile-name');
    expect(routeBefore('name')).toBe('home');
  });

  it('go on at the first incomplete step, or at the review', () => {
    expect(routeToContinue(missing('ktp_address', 'kk_number'))).toBe('profile-identity');
    expect(routeToContinue(missing('employment_status'))).toBe('profile-work');
    expect(routeToContinue([])).toBe('profile-review');
  });

  it('count a step as complete only when all its fields are right', () => {
    const complete = completeSteps(missing('kk_number', 'ktp_region'));
    expect([...complete]).toEqual(['name', 'birth', 'phone', 'domicile', 'work', 'family', 'interests']);
  });

  it.each([
    ['ktp_region', {}, true],
    ['domicile_same_as_ktp', {}, true],
    ['domicile_region', {}, false],
    ['domicile_region', { domicile_same_as_ktp: 'yes' }, false],
    ['domicile_address', { domicile_same_as_ktp: 'no' }, true],
  ])('ask %s of somebody who answered %o: %s', (field, values, expected) => {
    expect(asked(field, values)).toBe(expected);
  });

  it('give the input that an error leads to', () => {
    expect(inputIdOf('nik')).toBe('nik');
    expect(inputIdOf('birth_date')).toBe('birth_date-day');
    expect(inputIdOf('gender')).toBe('gender-male');
    expect(inputIdOf('employment_status')).toBe('employment_status-job_seeker');
    expect(inputIdOf('training_interests')).toBe('training_interests-first');
    expect(inputIdOf('ktp_region')).toBe('ktp_region');
  });
});
