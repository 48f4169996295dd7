// The text of an appeal, as central takes it (`AppealSubmit` in `crates/protocol/src/application.rs`), and the reasons of
// a block that this version has words for.

/** Characters that central takes. */
export const MAX = 2000;

/** Characters as a person counts them, and as Rust's `chars` does: an emoji is one. */
export function length(text: string): number {
  return [...text].length;
}

/** What is wrong with the text. */
export function wrong(text: string): 'required' | 'too_long' | null {
  if (text.trim() === '') return 'required';
  return length(text) > MAX ? 'too_long' : null;
}
