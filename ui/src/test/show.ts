// Shows a screen on top of the fake app, as the frame would, and looks at it as axe does.

import { render } from '@testing-library/svelte';
import axe from 'axe-core';
import { onTestFinished } from 'vitest';
import type { Component } from 'svelte';
import { forgetPerson } from '../app/next-person';
import type { Screen } from '../app/router.svelte';
import { router } from '../app/router.svelte';
import type { ScreenProps } from '../app/screens';
import { app } from '../app/state.svelte';
import { useTransport } from '../ipc/commands';
import { Fake } from '../ipc/fake';
import { freshWorld, SCENARIOS, type World } from '../ipc/fake-world';

/** A fake in a scenario, heard by the app's state. */
export async function fakeIn(scenario: string, change: (world: World) => void = () => {}): Promise<Fake> {
  const world = freshWorld();
  world.pace = 0;
  const start = SCENARIOS[scenario];
  if (!start) throw new Error(`no scenario ${scenario}`);
  start(world);
  change(world);
  const fake = new Fake(world);
  forgetPerson();
  useTransport(fake);
  const stop = await app.start();
  onTestFinished(stop);
  return fake;
}

/** Renders a screen into a `main`. */
export function show(
  component: Component<ScreenProps> | Component<Record<string, never>>,
  screen: Screen,
  param: string | null = null,
) {
  router.go(screen, param ?? undefined);
  const main = document.createElement('main');
  document.body.append(main);
  onTestFinished(() => main.remove());
  return render(component as Component<ScreenProps>, { target: main, props: { screen, param } });
}

/** What axe finds, as readable lines. Colours need a real window; there the journeys check them. */
export async function violations(): Promise<string[]> {
  const { violations: found } = await axe.run(document.body, {
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
    rules: { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } },
  });
  return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** Arguments of every call of a command so far. */
export function callsOf(fake: Fake, name: string): Record<string, unknown>[] {
  return fake.calls.filter((call) => call.name === name).map((call) => call.args);
}
