// All areas in English, one file each.

import { account } from './account';
import { activities } from './activities';
import { check } from './check';
import { errors } from './errors';
import { fields } from './fields';
import { frame } from './frame';
import { help } from './help';
import { home } from './home';
import { profile } from './profile';
import { settings } from './settings';
import { status } from './status';
import { sync } from './sync';
import { trainings } from './trainings';
import { vault } from './vault';
import { welcome } from './welcome';

export const en = {
  account,
  activities,
  check,
  errors,
  fields,
  frame,
  help,
  home,
  profile,
  settings,
  status,
  sync,
  trainings,
  vault,
  welcome,
};
