// The one way from the window to the rest of the app, and the only module that knows Tauri.
// In a plain browser (development) and in tests an in-memory fake answers instead; a production build holds no fake.

import { invoke } from '@tauri-apps/api/core';
import { listen as listenTauri } from '@tauri-apps/api/event';
import {
  EVENT,
  type AppEvent,
  type Commands,
  type ErrorCode,
  type FieldError,
  type IpcError as IpcErrorShape,
} from './types';

/** What carries commands and events. */
export interface Transport {
  invoke(name: string, args: Record<string, unknown>): Promise<unknown>;
  listen(handler: (event: AppEvent) => void): Promise<() => void>;
}

/** A command that was refused. Carries codes, never sentences: the words are in `i18n`. */
export class IpcError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldError[];
  readonly retryAfterMs: number | null;
  readonly numbers: Record<string, number>;
  readonly reference: string;

  constructor(shape: IpcErrorShape) {
    super(shape.code);
    this.name = 'IpcError';
    this.code = shape.code;
    this.fields = shape.fields;
    this.retryAfterMs = shape.retry_after_ms;
    this.numbers = shape.numbers;
    this.reference = shape.reference;
  }
}

function isShape(value: unknown): value is IpcErrorShape {
  const shape = value as Partial<IpcErrorShape> | null;
  return typeof shape === 'object' && shape !== null && typeof shape.code === 'string' && Array.isArray(shape.fields);
}

/** Turns whatever was thrown into an `IpcError`; what nobody foresaw becomes `internal`. */
export function toIpcError(thrown: unknown): IpcError {
  if (thrown instanceof IpcError) return thrown;
  if (isShape(thrown)) return new IpcError({ ...thrown, numbers: thrown.numbers ?? {} });
  return new IpcError({ code: 'internal', fields: [], retry_after_ms: null, numbers: {}, reference: 'UI' });
}

/** The body of a command: bytes go as they are (as JSON they would be a list of numbers, four times as long). */
function bodyOf(args: Record<string, unknown>): Record<string, unknown> | Uint8Array {
  const values = Object.values(args);
  return values.length === 1 && values[0] instanceof Uint8Array ? values[0] : args;
}

const tauri: Transport = {
  invoke: (name, args) => invoke(name, bodyOf(args)),
  listen: (handler) => listenTauri<AppEvent>(EVENT, (event) => handler(event.payload)),
};

let chosen: Promise<Transport> | undefined;

function transport(): Promise<Transport> {
  chosen ??= choose();
  return chosen;
}

async function choose(): Promise<Transport> {
  if (import.meta.env.DEV && !('__TAURI_INTERNALS__' in window)) {
    const { createFake } = await import('./fake');
    return createFake();
  }
  return tauri;
}

/** For tests: answers everything from `fake` from now on. */
export function useTransport(fake: Transport): void {
  chosen = Promise.resolve(fake);
}

type Name = keyof Commands;
type Args<K extends Name> = Commands[K]['args'];
type Rest<K extends Name> = keyof Args<K> extends never ? [] : [args: Args<K>];

/** Calls a command of the app. Rejects with an {@link IpcError} only. */
export async function call<K extends Name>(name: K, ...rest: Rest<K>): Promise<Commands[K]['result']> {
  try {
    const carrier = await transport();
    return (await carrier.invoke(name, (rest[0] ?? {}) as Record<string, unknown>)) as Commands[K]['result'];
  } catch (thrown) {
    throw toIpcError(thrown);
  }
}

/** Listens to the one event of the app; the result stops listening. */
export async function listen(handler: (event: AppEvent) => void): Promise<() => void> {
  return (await transport()).listen(handler);
}
