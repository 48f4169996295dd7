// All areas in Indonesian, one file each.

import { account } from './account';
import { activities } from './activities';
import { appeal } from './appeal';
import { check } from './check';
import { errors } from './errors';
import { fields } from './fields';
import { frame } from './frame';
import { help } from './help';
import { home } from './home';
import { inbox } from './inbox';
import { member } from './member';
import { moments } from './moments';
import { profile } from './profile';
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
  errors,
  fields,
  frame,
  help,
  home,
  inbox,
  member,
  moments,
  profile,
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
