// A sentence or a token that nothing shows is a sentence that nobody keeps true. Keys made from a code (`sync.since_${…}`)
// count for every key of that form.
import { expect, it } from 'vitest';
import { id } from './id';

const SOURCES = import.meta.glob<string>(['../**/*.{svelte,ts,css}', '!../**/*.test.ts', '!./id/**', '!./en/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const source = Object.values(SOURCES).join('\n');

it('uses every key', () => {
  const literal = new Set([...source.matchAll(/['"`]([a-z]+\.[a-z0-9_]+)['"`]/gu)].map((match) => match[1]));
  const made = [...source.matchAll(/`([a-z]+\.[a-z0-9_]*\$\{[^`]*)`/gu)].map(
    (match) => new RegExp(`^${(match[1] ?? '').replace('.', '\\.').replace(/\$\{[^}]*\}/gu, '[a-z0-9_]+')}$`, 'u'),
  );
  const keys = Object.entries(id).flatMap(([area, words]) => Object.keys(words).map((name) => `${area}.${name}`));
  expect(keys.filter((key) => !literal.has(key) && !made.some((pattern) => pattern.test(key)))).toEqual([]);
});

it('uses every design token', () => {
  const used = new Set([...source.matchAll(/var\((--[a-z0-9-]+)/gu)].map((match) => match[1]));
  const declared = new Set([...source.matchAll(/^\s*(--[a-z0-9-]+):/gmu)].map((match) => match[1]));
  expect(declared.size).toBeGreaterThan(20);
  expect([...declared].filter((token) => !used.has(token))).toEqual([]);
});
