// The arithmetic of a running test: time left, what is open, what a key means. No clock and no window in here.

import type { TestItemView, TestOptionView, TestPaperView } from '../../ipc/types';

/** Answers by item, with those that were just chosen here. */
export type Chosen = Readonly<Record<string, string>>;

/** When a paper was read: central's time then, this computer's two clocks then. */
export interface Anchor {
  endsAt: number;
  now: number;
  wall: number;
  steady: number;
}

export function anchor(paper: Pick<TestPaperView, 'ends_at' | 'now'>, wall: number, steady: number): Anchor {
  return { endsAt: paper.ends_at, now: paper.now, wall, steady };
}

/** Milliseconds left. Counted by the clock that does not jump when somebody sets the computer's time. */
export function timeLeft(at: Anchor, steady: number): number {
  return Math.max(0, at.endsAt - at.now - (steady - at.steady));
}

/** The computer slept or its time was set: the two clocks went apart, and the paper has to be read again. */
export function jumped(at: Anchor, wall: number, steady: number): boolean {
  return Math.abs(wall - at.wall - (steady - at.steady)) > 3000;
}

/** Minutes before the end that are said, the last one first. */
export const WARNINGS = [1, 5, 10] as const;
export type Warning = (typeof WARNINGS)[number];

/** The warning that falls between two looks at the clock; the nearest to the end when several do. */
export function crossed(before: number, after: number): Warning | null {
  return WARNINGS.find((minutes) => before > minutes * 60_000 && after <= minutes * 60_000) ?? null;
}

export function answerOf(item: TestItemView, chosen: Chosen): string | null {
  return chosen[item.id] ?? item.answer;
}

/** Positions of the items without an answer, or whose answer is not kept. */
export function openItems(items: readonly TestItemView[], chosen: Chosen, unsaved: object = {}): number[] {
  return items.flatMap((item, at) => (answerOf(item, chosen) === null || item.id in unsaved ? [at] : []));
}

/** Where to go on: the first item without an answer, or the last one. */
export function startAt(items: readonly TestItemView[], chosen: Chosen): number {
  return openItems(items, chosen)[0] ?? Math.max(0, items.length - 1);
}

/** Letter of a choice by its place: A, B, C, … */
export function letter(at: number): string {
  return String.fromCharCode(65 + at);
}

/** The choice that a key stands for: `1` or `a` for the first, and so on. */
export function optionFor(key: string, options: readonly TestOptionView[]): TestOptionView | undefined {
  if (/^[1-9]$/u.test(key)) return options[Number(key) - 1];
  if (/^[a-z]$/iu.test(key)) return options[key.toLowerCase().charCodeAt(0) - 97];
  return undefined;
}
