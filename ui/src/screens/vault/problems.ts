// Every way in which the data cannot be opened, with its own way out.

import type { IconName } from '../../components';
import type { VaultProblem } from '../../ipc/types';

export interface ProblemLook {
  icon: IconName;
  title: `vault.${VaultProblem}`;
  text: `vault.${VaultProblem}_text`;
  advice: `vault.${VaultProblem}_do`;
  /** Whether starting with empty data is offered: only where it could help. */
  setAside: boolean;
}

function problem(why: VaultProblem, icon: IconName, setAside: boolean): ProblemLook {
  return { icon, title: `vault.${why}`, text: `vault.${why}_text`, advice: `vault.${why}_do`, setAside };
}

export const PROBLEMS: Record<VaultProblem, ProblemLook> = {
  key_missing: problem('key_missing', 'key', true),
  wrong_key: problem('wrong_key', 'key', true),
  damaged: problem('damaged', 'disk', true),
  newer_schema: problem('newer_schema', 'refresh', false),
  disk_full: problem('disk_full', 'disk', false),
  in_use: problem('in_use', 'laptop', false),
  no_encryption: problem('no_encryption', 'shield-off', false),
  failed: problem('failed', 'alert', false),
  no_access: problem('no_access', 'lock', false),
};
