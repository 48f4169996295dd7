// Hash routes: `#/NAME` and `#/training/<id>`. The address holds names of screens and public ids only, never a person's data.

export const SCREENS = [
  'welcome',
  'check',
  'sign-up',
  'code',
  'sign-in',
  'reset',
  'home',
  'profile',
  'profile-name',
  'profile-identity',
  'profile-birth',
  'profile-phone',
  'profile-address',
  'profile-domicile',
  'profile-work',
  'profile-family',
  'profile-interests',
  'profile-review',
  'eligibility',
  'registration',
  'identity',
  'photo',
  'face',
  'phone-code',
  'declarations',
  'test',
  'waves',
  'join',
  'selection',
  'member',
  'inbox',
  'appeal',
  'trainings',
  'training',
  'activities',
  'sync',
  'settings',
  'sessions',
  'close-account',
  'help',
  'vault-passphrase',
  'vault-locked',
  'vault-broken',
] as const;

export type Screen = (typeof SCREENS)[number];

export interface Route {
  screen: Screen;
  /** What stands behind the name: a training's id, a wave's number, a help page, what just happened. */
  param: string | null;
}

/** Reads a hash. Unknown names give `null`: the app then shows where the person belongs. */
export function parseRoute(hash: string): Route | null {
  const [name, ...rest] = hash.replace(/^#\/?/, '').split('/');
  if (!name || !(SCREENS as readonly string[]).includes(name)) return null;
  const raw = rest.join('/');
  let param: string | null = null;
  try {
    param = raw === '' ? null : decodeURIComponent(raw);
  } catch {
    return null;
  }
  if (name === 'training' && param === null) return { screen: 'trainings', param: null };
  if ((name === 'join' || name === 'selection') && !/^\d{1,9}$/.test(param ?? ''))
    return { screen: 'waves', param: null };
  return { screen: name as Screen, param };
}

export function href(screen: Screen, param?: string): string {
  return param === undefined ? `#/${screen}` : `#/${screen}/${encodeURIComponent(param)}`;
}

class Router {
  route = $state<Route | null>(parseRoute(window.location.hash));

  constructor() {
    window.addEventListener('hashchange', () => {
      // In-page links such as `#nik` of an error summary move the focus and are not routes.
      if (window.location.hash.startsWith('#/') || window.location.hash === '') {
        this.route = parseRoute(window.location.hash);
      }
    });
  }

  go(screen: Screen, param?: string): void {
    window.location.hash = href(screen, param);
    this.route = { screen, param: param ?? null };
  }

  /** Like `go`, but "back" does not return to the screen that is left. */
  replace(screen: Screen, param?: string): void {
    window.history.replaceState(null, '', href(screen, param));
    this.route = { screen, param: param ?? null };
  }

  back(): void {
    window.history.back();
  }
}

export const router = new Router();
