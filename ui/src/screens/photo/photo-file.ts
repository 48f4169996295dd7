// What can be said of a file before it is read. What is in it, Rust looks at by its content. Pure.

/** Larger files are not read at all; the same limit as in Rust. */
export const MAX_BYTES = 20 * 1024 * 1024;

export type FileTrouble = 'too_large' | 'wrong_type' | 'empty_file';

const TYPES = ['image/jpeg', 'image/png'];

/** Why a file is not even read; `null` when it may be. Some systems name no type: there the ending speaks. */
export function fileTrouble(file: Pick<File, 'name' | 'size' | 'type'>): FileTrouble | null {
  const known = file.type === '' ? /\.(jpe?g|png)$/iu.test(file.name) : TYPES.includes(file.type);
  if (!known) return 'wrong_type';
  if (file.size === 0) return 'empty_file';
  return file.size > MAX_BYTES ? 'too_large' : null;
}

/** Megabytes with one digit, rounded up so that a refused file never reads as small enough. */
export function megabytes(bytes: number): number {
  return Math.ceil((bytes / (1024 * 1024)) * 10) / 10;
}

/** Whole kilobytes, as progress is counted. */
export function kilobytes(bytes: number): number {
  return Math.round(bytes / 1000);
}
