// Which component shows which screen.

import type { Component } from 'svelte';
import Appeal from '../screens/appeal/Appeal.svelte';
import Activities from '../screens/activities/Activities.svelte';
import Check from '../screens/check/Check.svelte';
import CloseAccount from '../screens/account/CloseAccount.svelte';
import Code from '../screens/account/Code.svelte';
import Reset from '../screens/account/Reset.svelte';
import Sessions from '../screens/account/Sessions.svelte';
import SignIn from '../screens/account/SignIn.svelte';
import SignUp from '../screens/account/SignUp.svelte';
import Declarations from '../screens/declarations/Declarations.svelte';
import Eligibility from '../screens/eligibility/Eligibility.svelte';
import Face from '../screens/face/Face.svelte';
import Help from '../screens/help/Help.svelte';
import Home from '../screens/home/Home.svelte';
import Identity from '../screens/identity/Identity.svelte';
import Inbox from '../screens/inbox/Inbox.svelte';
import Join from '../screens/join/Join.svelte';
import Member from '../screens/member/Member.svelte';
import PhoneCode from '../screens/phone/PhoneCode.svelte';
import Photo from '../screens/photo/Photo.svelte';
import Profile from '../screens/profile/Profile.svelte';
import Registration from '../screens/registration/Registration.svelte';
import Selection from '../screens/selection/Selection.svelte';
import Settings from '../screens/settings/Settings.svelte';
import Sync from '../screens/sync/Sync.svelte';
import Test from '../screens/test/Test.svelte';
import Training from '../screens/trainings/Training.svelte';
import Trainings from '../screens/trainings/Trainings.svelte';
import VaultBroken from '../screens/vault/VaultBroken.svelte';
import VaultLocked from '../screens/vault/VaultLocked.svelte';
import VaultPassphrase from '../screens/vault/VaultPassphrase.svelte';
import Waves from '../screens/waves/Waves.svelte';
import Welcome from '../screens/welcome/Welcome.svelte';
import type { Screen } from './router.svelte';

/** What every screen is given: its name and what stood behind it in the address. */
export interface ScreenProps {
  screen: Screen;
  param: string | null;
}

const COMPONENTS = {
  welcome: Welcome,
  check: Check,
  'sign-up': SignUp,
  code: Code,
  'sign-in': SignIn,
  reset: Reset,
  home: Home,
  profile: Profile,
  'profile-name': Profile,
  'profile-identity': Profile,
  'profile-birth': Profile,
  'profile-phone': Profile,
  'profile-address': Profile,
  'profile-domicile': Profile,
  'profile-work': Profile,
  'profile-family': Profile,
  'profile-interests': Profile,
  'profile-review': Profile,
  eligibility: Eligibility,
  registration: Registration,
  identity: Identity,
  photo: Photo,
  face: Face,
  'phone-code': PhoneCode,
  declarations: Declarations,
  test: Test,
  waves: Waves,
  join: Join,
  selection: Selection,
  member: Member,
  inbox: Inbox,
  appeal: Appeal,
  trainings: Trainings,
  training: Training,
  activities: Activities,
  sync: Sync,
  settings: Settings,
  sessions: Sessions,
  'close-account': CloseAccount,
  help: Help,
  'vault-passphrase': VaultPassphrase,
  'vault-locked': VaultLocked,
  'vault-broken': VaultBroken,
} satisfies Record<Screen, Component<never>>;

/** The component of a screen; one that needs neither name nor parameter simply does not declare them. */
export function componentOf(screen: Screen): Component<ScreenProps> {
  return COMPONENTS[screen] as Component<ScreenProps>;
}
