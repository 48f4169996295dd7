// What the code screen says, by what the code does and the way that it went. A code for another password is asked for
// alike whether the address has an account or not, so none of its words says which.

import type { IconName } from '../../components';
import { HOUR_MS, isGuessLock, unsavedProblemOf, withWait } from '../../app/errors';
import type { Problem } from '../../app/problem';
import type { Screen } from '../../app/router.svelte';
import { t } from '../../i18n';
import type { IpcError } from '../../ipc/commands';
import type { PendingCode } from '../../ipc/types';

/** What a code does and the way that it goes. */
type Kind = Pick<PendingCode, 'purpose' | 'by'>;
type Sent = Kind & Pick<PendingCode, 'email'>;

export interface CodeWords {
  title: string;
  lead: string;
  submit: string;
  icon: IconName;
  resent: 'account.resent' | 'reset.code_resent';
  tipsTitle: string;
  tips: readonly string[];
  sandbox: { title: string; text: string };
  change: { link: string; title: string; text: string; confirm: string };
  /** The form that it came from. */
  form: Screen;
}

function tipsOf({ purpose, by, email }: Sent): string[] {
  const spelling = t('account.not_there_typo', { email });
  if (by === 'sms') {
    return [t('phone.help_1'), t('phone.help_2'), t('phone.help_3'), t('reset.not_there_mail'), spelling];
  }
  const tips = [t('account.not_there_spam'), t('account.not_there_wait'), t('account.not_there_full'), spelling];
  return purpose === 'password' ? [...tips, t('reset.not_there_other')] : tips;
}

function byWay(by: PendingCode['by']): Pick<CodeWords, 'title' | 'icon' | 'tipsTitle' | 'sandbox'> {
  if (by === 'sms') {
    return {
      title: t('reset.code_title_sms'),
      icon: 'phone',
      tipsTitle: t('phone.help_title'),
      sandbox: { title: t('phone.sandbox_title'), text: t('phone.sandbox_text') },
    };
  }
  return {
    title: t('account.code_title'),
    icon: 'mail',
    tipsTitle: t('account.not_there_title'),
    sandbox: { title: t('account.sandbox_title'), text: t('account.sandbox_text') },
  };
}

export function codeWords(sent: Sent): CodeWords {
  const { purpose, by, email } = sent;
  const common = { ...byWay(by), tips: tipsOf(sent) };
  if (purpose === 'password') {
    return {
      ...common,
      lead: t(`reset.code_lead_${by}`, { email }),
      submit: t('reset.code_submit'),
      resent: 'reset.code_resent',
      change: {
        link: t('reset.change'),
        title: t('reset.change_title'),
        text: t('reset.change_text'),
        confirm: t('reset.change_confirm'),
      },
      form: 'reset',
    };
  }
  return {
    ...common,
    lead: t('account.code_lead', { email }),
    submit: t('account.code_submit'),
    resent: 'account.resent',
    change: {
      link: t('account.change_address'),
      title: t('account.change_title'),
      text: t('account.change_text', { email }),
      confirm: t('account.change_confirm'),
    },
    form: 'sign-up',
  };
}

function textOf(refusal: IpcError, { purpose, by }: Kind): string | undefined {
  const { code } = refusal;
  const left = refusal.numbers.attempts_left;
  if (code === 'wrong_code' && by === 'sms') {
    return left === undefined ? t('phone.wrong_plain') : t('phone.wrong', { attempts_left: left });
  }
  if (purpose !== 'password') return undefined;
  if (code === 'code_expired') return t('account.code_expired');
  return isGuessLock(refusal) ? t('reset.code_locked') : undefined;
}

/** This code was typed wrong too often, and another one helps. The address itself is locked for longer. */
function isUsedUp(refusal: IpcError): boolean {
  return isGuessLock(refusal) && (refusal.retryAfterMs ?? 0) < HOUR_MS;
}

/** Why a code was not taken, or is not sent, in words that fit it. */
export function codeProblem(refusal: IpcError, sent: Kind | null): Problem {
  const problem = unsavedProblemOf(refusal);
  // When another may be asked for stands beside its button.
  if (sent?.purpose === 'password' && isUsedUp(refusal)) return { ...problem, text: t('reset.code_used') };
  const text = sent ? textOf(refusal, sent) : undefined;
  return text === undefined ? problem : { ...problem, text: withWait(text, refusal) };
}
