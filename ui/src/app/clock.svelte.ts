// Now, for countdowns and ages. Ticks once a second while something on the screen reads it, and not otherwise.

import { createSubscriber } from 'svelte/reactivity';

class Ticker {
  #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });

  /** Unix milliseconds; follows the time when read in a template. */
  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}

export const ticker = new Ticker();
