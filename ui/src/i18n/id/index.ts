// All areas in Indonesian, one file each.

import { account } from './account';
import { activities } from './activities';
import { check } from './check';
import { declarations } from './declarations';
import { eligibility } from './eligibility';
import { errors } from './errors';
import { face } from './face';
import { fields } from './fields';
import { frame } from './frame';
import { help } from './help';
import { home } from './home';
import { identity } from './identity';
import { phone } from './phone';
import { photo } from './photo';
import { profile } from './profile';
import { region } from './region';
import { registration } from './registration';
import { settings } from './settings';
import { status } from './status';
import { sync } from './sync';
import { trainings } from './trainings';
import { vault } from './vault';
import { welcome } from './welcome';

export const id = {
  account,
  activities,
  check,
  declarations,
  eligibility,
  errors,
  face,
  fields,
  frame,
  help,
  home,
  identity,
  phone,
  photo,
  profile,
  region,
  registration,
  settings,
  status,
  sync,
  trainings,
  vault,
  welcome,
};
