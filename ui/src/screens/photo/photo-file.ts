// What can be said of a file before it is read. What is in it, Rust looks at by its content. Pure.

/** Larger files are not read at all; the same limit as in Rust. */
export const MAX_BYTES = 20_000_000;

export type FileTrouble = 'too_large' | 'wrong_type' | 'heic_file' | 'empty_file';

const TYPES = ['image/jpeg', 'image/png'];
/** What phones make; there is another way for them. */
const PHONE_TYPES = ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'];

/** Why a file is not even read; `null` when it may be. Some systems name no type: there the ending speaks. */
export function fileTrouble(file: Pick<File, 'name' | 'size' | 'type'>): FileTrouble | null {
  const named = file.type === '' || file.type === 'application/octet-stream';
  if (named ? /\.hei[cf]$/iu.test(file.name) : PHONE_TYPES.includes(file.type)) return 'heic_file';
  const known = named ? /\.(jpe?g|png)$/iu.test(file.name) : TYPES.includes(file.type);
  if (!known) return 'wrong_type';
  if (file.size === 0) return 'empty_file';
  return file.size > MAX_BYTES ? 'too_large' : null;
}

/** Megabytes as the limit is told in, with one digit, rounded up so that a refused file never reads as small enough. */
export function megabytes(bytes: number): number {
  return Math.ceil(bytes / 100_000) / 10;
}

/** Whole kilobytes, as progress is counted. */
export function kilobytes(bytes: number): number {
  return Math.round(bytes / 1000);
}
