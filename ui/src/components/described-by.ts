/** Value of `aria-describedby` for the parts that are shown; absent when there are none. */
export function describedBy(id: string, parts: { hint?: string; error?: string; extra?: string }): string | undefined {
  const ids = [parts.hint && `${id}-hint`, parts.error && `${id}-error`, parts.extra].filter(Boolean);
  return ids.length === 0 ? undefined : ids.join(' ');
}
