// Where a refusal to join is mended, or at least explained.

import type { Screen } from '../../app/router.svelte';
import type { Key } from '../../i18n';
import type { StepRefusal } from '../../ipc/types';

export interface Fix {
  screen: Screen;
  label: Extract<Key, `waves.fix_${string}`>;
}

export const FIXES: Partial<Record<StepRefusal, Fix>> & { too_early: Fix } = {
  too_early: { screen: 'registration', label: 'waves.fix_registration' },
  ended: { screen: 'registration', label: 'waves.fix_ended' },
  not_passed: { screen: 'test', label: 'waves.fix_test' },
  blocked: { screen: 'appeal', label: 'waves.fix_appeal' },
};
