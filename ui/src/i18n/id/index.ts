// All areas in Indonesian, one file each.

import { account } from './account';
import { activities } from './activities';
import { appeal } from './appeal';
import { check } from './check';
import { closing } from './closing';
import { declarations } from './declarations';
import { eligibility } from './eligibility';
import { errors } from './errors';
import { face } from './face';
import { fields } from './fields';
import { frame } from './frame';
import { help } from './help';
import { home } from './home';
import { identity } from './identity';
import { inbox } from './inbox';
import { member } from './member';
import { moments } from './moments';
import { phone } from './phone';
import { photo } from './photo';
import { profile } from './profile';
import { region } from './region';
import { registration } from './registration';
import { reset } from './reset';
import { selection } from './selection';
import { settings } from './settings';
import { status } from './status';
import { sync } from './sync';
import { test } from './test';
import { trainings } from './trainings';
import { vault } from './vault';
import { waves } from './waves';
import { welcome } from './welcome';

export const id = {
  account,
  activities,
  appeal,
  check,
  closing,
  declarations,
  eligibility,
  errors,
  face,
  fields,
  frame,
  help,
  home,
  identity,
  inbox,
  member,
  moments,
  phone,
  photo,
  profile,
  region,
  registration,
  reset,
  selection,
  settings,
  status,
  sync,
  test,
  trainings,
  vault,
  waves,
  welcome,
};
