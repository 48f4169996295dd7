// A window for tests: the whole app on a fake, or one screen of it.

import { render, waitFor } from '@testing-library/svelte';
import axe from 'axe-core';
import { expect } from 'vitest';
import App from '../App.svelte';
import { forgetPerson } from '../app/next-person';
import { app } from '../app/state.svelte';
import { componentOf } from '../app/screens';
import { parseRoute, router, type Screen } from '../app/router.svelte';
import { useTransport } from '../ipc/commands';
import { Fake } from '../ipc/fake';
import { freshWorld, type World } from '../ipc/fake-world';

/** A fake that answers at once. */
export function fakeOf(change: (world: World) => void = () => {}): Fake {
  const world = freshWorld();
  world.pace = 0;
  change(world);
  const fake = new Fake(world);
  forgetPerson();
  useTransport(fake);
  app.check = null;
  return fake;
}

/** One screen on a fake, without the frame around it. */
export async function showScreen(screen: Screen, fake: Fake, param: string | null = null) {
  app.take(structuredClone(fake.world.state));
  const stop = await app.start();
  const shown = render(componentOf(screen), { props: { screen, param } });
  return { ...shown, stop };
}

/** The whole window at an address. */
export async function showApp(fake: Fake, hash = '') {
  useTransport(fake);
  app.forget();
  window.location.hash = hash;
  router.route = parseRoute(hash);
  const shown = render(App);
  await waitFor(() => expect(document.querySelector('main[data-screen]:not([data-screen="opening"])')).not.toBeNull());
  return shown;
}

/** Fails with what axe found. Colours and layout need a real window and are looked at there. */
export async function expectAccessible(root: Element = document.body): Promise<void> {
  const result = await axe.run(root, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  const found = result.violations.map(
    (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`,
  );
  expect(found).toEqual([]);
}

/** Sets the value of an input as typing would. */
export function type(id: string, value: string): void {
  const input = document.getElementById(id) as HTMLInputElement;
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

export function press(action: string): void {
  const button = document.querySelector<HTMLElement>(`[data-action='${action}']`);
  if (!button) throw new Error(`no ${action} on the screen: ${document.body.textContent}`);
  button.click();
}

/** What stands in a field. */
export function value(id: string): string {
  return (document.getElementById(id) as HTMLInputElement).value;
}

/** The list of what is wrong, once it is there. */
export async function summary(): Promise<HTMLElement> {
  return waitFor(() => {
    const box = document.getElementById('error-summary');
    expect(box).not.toBeNull();
    return box as HTMLElement;
  });
}

/** Waits until the window shows a screen. */
export async function at(name: Screen): Promise<void> {
  await waitFor(() => expect(document.querySelector(`main[data-screen='${name}']`)).not.toBeNull());
}
