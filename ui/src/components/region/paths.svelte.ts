// Names of regions by code, asked for once: they do not change while the app runs.

import { call } from '../../ipc/commands';
import type { RegionHit } from '../../ipc/types';
import { asAddress, inOrder } from './levels';

class Paths {
  #known = $state.raw<Record<string, readonly RegionHit[]>>({});
  readonly #asked: Record<string, true> = {};

  /** From the province down; empty for an unknown code, absent while it is being read. */
  of(code: string): readonly RegionHit[] | undefined {
    if (!Object.hasOwn(this.#asked, code)) void this.#read(code);
    return this.#known[code];
  }

  /** The whole path in words; the code itself when nobody knows it. */
  words(code: string): string {
    const path = this.of(code);
    if (path === undefined) return '…';
    return path.length === 0 ? code : asAddress(path);
  }

  async #read(code: string): Promise<void> {
    this.#asked[code] = true;
    try {
      const path = await call('get_region', { code });
      this.#known = { ...this.#known, [code]: inOrder(path) };
    } catch {
      // Asked again when it is next shown.
      delete this.#asked[code];
    }
  }
}

export const paths = new Paths();
