import { tick } from 'svelte';

/** Takes the focus to what came in place of the control that had it: that control may be gone with its focus. */
export async function focusOn(id: string): Promise<void> {
  await tick();
  document.getElementById(id)?.focus();
}
