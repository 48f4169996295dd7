import { afterEach, describe, expect, it, vi } from 'vitest';
import { locale, say } from '../i18n';
import { refusal } from '../ipc/fake';
import { toIpcError } from '../ipc/commands';
import type { ErrorCode, FieldErrorCode } from '../ipc/types';
import contract from '../ipc/types.ts?raw';
import { ERRORS, problemOf } from './errors';
import { fieldSentence, SENTENCES, sentencesByField } from './field-errors';

/** Members of a union in the generated file: what Rust really sends, not what this code believes. */
function members(type: string): string[] {
  const body = new RegExp(`export type ${type} = ([^;]+);`).exec(contract)?.[1] ?? '';
  return [...body.matchAll(/"(\w+)"/g)].map((match) => match[1] ?? '');
}

afterEach(() => locale.set('id'));

describe('error table', () => {
  const codes = members('ErrorCode') as ErrorCode[];

  it('is read from the contract', () => {
    expect(codes.length).toBeGreaterThan(20);
    expect(Object.keys(ERRORS).sort()).toEqual([...codes].sort());
  });

  it.each(['id', 'en'] as const)('has words for every code in %s', (language) => {
    locale.set(language);
    for (const code of codes) {
      // Without a count of tries a lock is about sending.
      const problem = problemOf(refusal(code, { numbers: code === 'code_locked' ? { attempts_left: 0 } : {} }));
      expect(problem.title, code).toBe(say(ERRORS[code].title));
      expect(problem.title, code).not.toContain('errors.');
      expect(problem.text, code).not.toMatch(/errors\.|\{/);
    }
  });

  it('counts the tries that are left for a wrong code', () => {
    expect(problemOf(refusal('wrong_code', { numbers: { attempts_left: 2 } })).text).toContain('2 kali');
    expect(problemOf(refusal('wrong_code')).text).not.toContain('{');
  });

  it('does not call a code wrong because no other one is sent', () => {
    expect(problemOf(refusal('code_locked')).title).toBe(say('errors.code_send_locked'));
  });

  it('says how long to wait', () => {
    expect(problemOf(refusal('rate_limited', { retry_after_ms: 65_000 })).text).toContain('1:05');
  });

  it('names the day and hour when the wait is long', () => {
    vi.useFakeTimers({ now: new Date(2026, 10, 27, 10, 42) });
    const text = problemOf(refusal('code_locked', { numbers: { attempts_left: 0 }, retry_after_ms: 86_400_000 })).text;
    expect(text).toMatch(/mulai 28 Nov, 10\.42/);
    vi.useRealTimers();
  });

  it('points every wrong field to its control, once', () => {
    const problem = problemOf(
      refusal('validation', {
        fields: [
          { field: 'birth_date', code: 'invalid_date' },
          { field: 'nik', code: 'wrong_length', params: { expected: 16, actual: 15 } },
          { field: 'nik', code: 'not_digits' },
        ],
      }),
      { birth_date: 'birth_date-day' },
    );
    expect(problem.fields).toEqual([
      { id: 'birth_date-day', text: 'Tanggal lahir bukan tanggal yang ada. Contoh yang benar: 17 8 2001.' },
      { id: 'nik', text: 'NIK harus 16 angka. Baru terisi 15.' },
    ]);
  });

  it('shows a reference only where somebody would read it out', () => {
    expect(problemOf(refusal('internal')).reference).toBe('FAKE-1');
    expect(problemOf(refusal('wrong_code')).reference).toBeUndefined();
  });

  it('turns whatever is thrown into an internal error', () => {
    for (const thrown of [new Error('boom'), 'text', null, undefined, 42, { code: 7 }]) {
      expect(toIpcError(thrown).code).toBe('internal');
    }
  });
});

describe('field sentences', () => {
  const codes = members('FieldErrorCode') as FieldErrorCode[];

  it('exist for every code of the contract', () => {
    expect(codes.length).toBeGreaterThan(15);
    expect(Object.keys(SENTENCES).sort()).toEqual([...codes].sort());
  });

  it.each(['id', 'en'] as const)('leave no placeholder open in %s', (language) => {
    locale.set(language);
    const params = { expected: 16, actual: 15, min: 9, max: 100 };
    for (const code of codes) {
      const sentence = fieldSentence({ field: 'nik', code, params });
      expect(sentence, code).not.toMatch(/[{}]|fields\./);
      expect(sentence, code).toMatch(/[.?]$|contoh\.id$|example\.id$|7890$/);
    }
  });

  it('says "chosen" of what is chosen and "too many" of too many', () => {
    expect(fieldSentence({ field: 'ktp_region', code: 'required' })).toBe('Kelurahan atau desa di KTP belum dipilih.');
    expect(fieldSentence({ field: 'ktp_address', code: 'required' })).toBe('Alamat sesuai KTP belum diisi.');
    // A code of a regency is something, and not enough.
    expect(fieldSentence({ field: 'ktp_region', code: 'wrong_length', params: { expected: 10, actual: 4 } })).toBe(
      'Kelurahan atau desa di KTP belum dipilih sampai selesai.',
    );
    const params = { expected: 16, actual: 17 };
    expect(fieldSentence({ field: 'nik', code: 'wrong_length', params })).toContain('Sekarang terisi 17');
  });

  it('keeps the first sentence of a field', () => {
    const sentences = sentencesByField([
      { field: 'email', code: 'required' },
      { field: 'email', code: 'invalid_email' },
    ]);
    expect(sentences).toEqual({ email: 'Alamat e-mail belum diisi.' });
  });
});
