// Words in both languages, checked by the compiler: a key that one language lacks does not compile, and neither does a
// call that forgets a `{placeholder}`. Numbers, dates and money are in `format.ts`.

import { en } from './en';
import { id } from './id';
import { locale } from './locale.svelte';

export { locale } from './locale.svelte';
export type { Language } from './locale.svelte';
export * from './format';

type Areas = typeof id;

/** Every key: `area.name`. */
export type Key = { [A in keyof Areas & string]: `${A}.${keyof Areas[A] & string}` }[keyof Areas & string];

type Text<K extends Key> = K extends `${infer A}.${infer N}`
  ? A extends keyof Areas
    ? N extends keyof Areas[A]
      ? Areas[A][N]
      : never
    : never
  : never;

type Placeholders<S> = S extends `${string}{${infer P}}${infer R}` ? P | Placeholders<R> : never;
type Values<K extends Key> = [Placeholders<Text<K>>] extends [never]
  ? []
  : [values: Record<Placeholders<Text<K>>, string | number>];

const DICTIONARIES: Record<'id' | 'en', Record<string, Record<string, string>>> = { id, en };

/** The text of `key` in the language in force, with its placeholders filled in. */
export function t<K extends Key>(key: K, ...values: Values<K>): string {
  return say(key, values[0] as Record<string, string | number> | undefined);
}

/** Words that came with the programme's rules, in the language in force. */
export function inWords(words: { id: string; en: string }): string {
  return words[locale.language];
}

/** Like `t` for keys that come out of a table, where the compiler cannot see the placeholders. */
export function say(key: Key, values: Record<string, string | number> = {}): string {
  const [area, name] = key.split('.', 2) as [string, string];
  const text = DICTIONARIES[locale.language][area]?.[name] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, word: string) => {
    const value = values[word];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(locale.tag).format(value) : value;
  });
}
