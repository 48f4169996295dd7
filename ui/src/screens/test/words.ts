// The words that came with a paper, in the language of the window.

import { locale } from '../../i18n';
import type { TestTable, TestTableWords, Words } from '../../ipc/types';

export function inLanguage(words: Words): string {
  return words[locale.language];
}

/** Items as a person counts them. */
export function numbers(positions: readonly number[]): string {
  return positions.map((at) => at + 1).join(', ');
}

export function tableInLanguage(table: TestTable): TestTableWords {
  return table[locale.language];
}
