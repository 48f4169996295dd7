// Tone and icon of an activity's state. Only what the office has confirmed is green.

import type { IconName } from '../../components';
import type { ActivityState } from '../../ipc/types';

export interface Look {
  tone: 'done' | 'wait' | 'stop' | 'note' | 'plain';
  icon: IconName;
}

export function activityLook(activity: ActivityState): Look {
  switch (activity.is) {
    case 'requested':
    case 'cancelling':
      return { tone: 'wait', icon: 'clock' };
    case 'refused':
      return { tone: 'stop', icon: 'cross' };
    case 'enrolled':
      switch (activity.state) {
        case 'cancelled':
          return { tone: 'plain', icon: 'cross' };
        case 'cancelled_by_institution':
          return { tone: 'stop', icon: 'cross' };
        case 'scheduled':
        case 'seat_confirmed':
        case 'in_progress':
        case 'completed':
          return { tone: 'done', icon: 'check' };
      }
  }
}
