// Reads the little Markdown that help pages are written in: one title, headings, paragraphs, lists, bold and links
// inside the app. It yields data, never HTML.

export type Inline =
  { kind: 'text'; text: string } | { kind: 'bold'; text: string } | { kind: 'link'; text: string; href: string };

export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'paragraph'; parts: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] };

export interface Article {
  title: string;
  blocks: Block[];
  /** All words in small letters, for the search. */
  text: string;
}

// Links may only lead to screens of the app: `#/name`.
const INLINE = /\*\*([^*]+)\*\*|\[([^\]]+)\]\((#\/[^)\s]*)\)/g;

export function inline(source: string): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const match of source.matchAll(INLINE)) {
    if (match.index > end) parts.push({ kind: 'text', text: source.slice(end, match.index) });
    const [whole, bold, text, href] = match;
    if (bold !== undefined) parts.push({ kind: 'bold', text: bold });
    else if (text !== undefined && href !== undefined) parts.push({ kind: 'link', text, href });
    end = match.index + whole.length;
  }
  if (end < source.length) parts.push({ kind: 'text', text: source.slice(end) });
  return parts;
}

export function parse(source: string): Article {
  const blocks: Block[] = [];
  let title = '';
  for (const raw of source.split('\n')) {
    const line = raw.trim();
    const item = /^(?:-|(\d+)\.)\s+(.*)$/.exec(line);
    const last = blocks.at(-1);
    if (line === '') continue;
    if (line.startsWith('# ')) title = line.slice(2);
    else if (line.startsWith('## ')) blocks.push({ kind: 'heading', text: line.slice(3) });
    else if (item) {
      const ordered = item[1] !== undefined;
      const parts = inline(item[2] ?? '');
      if (last?.kind === 'list' && last.ordered === ordered) last.items.push(parts);
      else blocks.push({ kind: 'list', ordered, items: [parts] });
    } else blocks.push({ kind: 'paragraph', parts: inline(line) });
  }
  const text = source
    .replace(/[#*[\]]|\(#\/[^)]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .toLowerCase();
  return { title, blocks, text };
}
