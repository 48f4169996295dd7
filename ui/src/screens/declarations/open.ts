// What is still open before the declarations can be sent. Pure.

import type { DeclarationRow, DeclarationsView } from '../../ipc/types';

/** True when the answer that was given ends the application. */
export function excludes(row: DeclarationRow): boolean {
  return row.excludes !== null && row.answer !== null && row.answer === row.excludes[0];
}

export type Open =
  | { what: 'answer' | 'confirm'; id: string; number: number; control: string }
  | { what: 'consent'; id: string; number: number; control: string };

/** In the order of the page, with the control that each leads to. `confirmed` holds ids of answers called right. */
export function openOf(view: DeclarationsView, confirmed: ReadonlySet<string>): Open[] {
  const open: Open[] = [];
  view.questions.forEach((row, index) => {
    const number = index + 1;
    if (row.answer === null) {
      open.push({ what: 'answer', id: row.id, number, control: `declaration-${row.id}-yes` });
    } else if (excludes(row) && !confirmed.has(row.id)) {
      open.push({ what: 'confirm', id: row.id, number, control: `confirm-${row.id}` });
    }
  });
  view.consents.forEach((row, index) => {
    if (!row.given) open.push({ what: 'consent', id: row.id, number: index + 1, control: `consent-${row.id}` });
  });
  return open;
}

export function answeredOf(view: DeclarationsView): number {
  return view.questions.filter((row) => row.answer !== null).length;
}
