// What the app knows, as the window last heard it. Fed by `get_state` at the start and by the one event afterwards;
// commands that answer with a new state hand it over with `take`.

import { call, listen, toIpcError, type IpcError } from '../ipc/commands';
import type { AccountView, AppState, Changed, CheckView, SettingsPatch } from '../ipc/types';
import { locale } from '../i18n/locale.svelte';
import { forgetPerson, isNextPerson } from './next-person';
import { router } from './router.svelte';

class AppStore {
  #state = $state.raw<AppState | null>(null);
  /** The connection check as last heard; absent before the first look. */
  check = $state.raw<CheckView | null>(null);
  /** Set when not even the first state could be had. */
  failed = $state.raw<IpcError | null>(null);
  #lastChange: Promise<void> = Promise.resolve();
  /** Who was here last; a closed database says nothing of it. */
  #account: AccountView | null = null;
  /** The person is leaving by their own hand. */
  #leaving = false;
  #listeners = new Map<Changed, Set<() => void>>();

  get ready(): boolean {
    return this.#state !== null;
  }

  /** The state. Screens are shown only once there is one. */
  get state(): AppState {
    if (this.#state === null) throw new Error('read before the first state');
    return this.#state;
  }

  /** Takes a state, unless a newer one came before it by the other road. */
  take(state: AppState): void {
    if (this.#state !== null && state.turn < this.#state.turn) return;
    if (state.vault.state === 'open') {
      if (this.#account !== null && isNextPerson(this.#account, state.account)) forgetPerson();
      this.#account = state.account;
      // What became of the closing is known now, whatever screen the person is on.
      const wasAsked = this.#state?.closing_asked ?? false;
      if (wasAsked && state.account.state === 'none' && !this.#leaving) router.go('welcome', 'closed');
    }
    this.#state = state;
    this.failed = null;
    locale.set(state.settings.language);
    const root = document.documentElement;
    root.lang = state.settings.language;
    root.dataset.theme = state.settings.theme;
    root.dataset.text = String(state.settings.text_percent);
  }

  /** Takes the answer to what makes the person leave this computer: no news of a closing, whichever way it comes. */
  async leave(answer: Promise<AppState>): Promise<void> {
    this.#leaving = true;
    try {
      this.take(await answer);
    } finally {
      this.#leaving = false;
    }
  }

  /** Back to the very start. For tests: a window does it by being opened. */
  forget(): void {
    this.#state = null;
    this.#account = null;
    this.check = null;
    this.failed = null;
  }

  /** Calls `callback` whenever `what` changed; the result stops it (fits an `$effect`). */
  on(what: Changed, callback: () => void): () => void {
    // Not reactive on purpose: nobody renders the listeners.
    // eslint-disable-next-line svelte/prefer-svelte-reactivity
    const callbacks = this.#listeners.get(what) ?? new Set<() => void>();
    this.#listeners.set(what, callbacks);
    callbacks.add(callback);
    return () => callbacks.delete(callback);
  }

  /** Listens first and asks then, so that nothing between the two is missed. The result stops listening. */
  async start(): Promise<() => void> {
    const stop = await listen((event) => {
      if (event.kind === 'state') this.take(event.state);
      else if (event.kind === 'check') this.check = event.check;
      else this.#listeners.get(event.what)?.forEach((callback) => callback());
    });
    await this.load();
    return stop;
  }

  async load(): Promise<void> {
    try {
      this.take(await call('get_state'));
    } catch (thrown) {
      this.failed = toIpcError(thrown);
    }
  }

  /** Changes settings, one change after the other: an answer that is overtaken would bring the old look back. */
  set(settings: SettingsPatch): Promise<void> {
    const change = async () => this.take(await call('set_settings', { settings }));
    const changed = this.#lastChange.then(change, change);
    this.#lastChange = changed;
    return changed;
  }
}

export const app = new AppStore();
