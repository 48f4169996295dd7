// The help pages of both languages, bundled with the app so that they are there without internet.

import type { Language } from '../../i18n';
import { parse, type Article } from './markup';

export interface Page extends Article {
  /** What stands in the address: `#/help/<id>`. */
  id: string;
}

const SOURCES: Record<string, string> = import.meta.glob('./pages/*/*.md', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Order of the list. */
const ORDER = [
  'start',
  'connection',
  'offline',
  'code',
  'sign-in',
  'personal',
  'photo',
  'test',
  'waves',
  'selection',
  'result',
  'trainings',
  'data',
  'privacy',
  'safety',
  'use',
];

function load(language: Language): Page[] {
  const pages: Page[] = [];
  for (const [path, source] of Object.entries(SOURCES)) {
    const match = /\/pages\/(\w+)\/([\w-]+)\.md$/.exec(path);
    if (match?.[1] === language && match[2]) pages.push({ id: match[2], ...parse(source) });
  }
  return pages.sort((a, b) => ORDER.indexOf(a.id) - ORDER.indexOf(b.id));
}

export const PAGES: Record<Language, readonly Page[]> = { id: load('id'), en: load('en') };

/** Pages that hold every word; those with a word in the title first. */
export function search(pages: readonly Page[], typed: string): Page[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = pages.filter((page) => words.every((word) => page.text.includes(word)));
  const inTitle = (page: Page) => words.some((word) => page.title.toLowerCase().includes(word));
  return [...hits.filter(inTitle), ...hits.filter((page) => !inTitle(page))];
}
