// Whether there is room for a detail beside the list: 1,100 pixels at normal text size. Measured in text sizes, so that
// large text on a wide window behaves like a narrow one, as the frame's container queries do.

import { createSubscriber } from 'svelte/reactivity';
import { app } from '../../app/state.svelte';

const ROOM_PX = 1100;

const resized = createSubscriber((update) => {
  window.addEventListener('resize', update);
  return () => window.removeEventListener('resize', update);
});

/** Follows the window when read in a template. */
export function isWide(): boolean {
  resized();
  return window.innerWidth * 100 >= ROOM_PX * app.state.settings.text_percent;
}
