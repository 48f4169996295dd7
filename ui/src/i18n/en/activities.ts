// Words of the screens in `screens/activities`, English.

import type { activities as source } from '../id/activities';
import type { Translation } from '../translation';

export const activities: Translation<typeof source> = {
  title: 'My activities',
  intro: 'Trainings that you asked for or take part in, as they really stand.',
  list_label: 'List of activities',
  failed: 'Your activities cannot be opened',
  retry: 'Try again',
  empty_title: 'No activities yet',
  empty_text: 'Trainings that you ask for appear here, also those made without internet.',
  empty_action: 'Find a training',
  state_requested: 'Asked for, the office has not answered',
  state_cancelling: 'Cancelling asked for, the office has not answered',
  state_refused: 'Request not accepted',
  state_scheduled: 'Enrolled in the webinar',
  state_seat_confirmed: 'Seat confirmed by the office',
  state_in_progress: 'Ready to learn',
  state_completed: 'Completed',
  state_cancelled: 'Cancelled',
  state_cancelled_by_institution: 'Called off by the institution',
  unknown_method: 'Training',
  no_schedule: 'Start at any time',
  cancel: 'Cancel enrolment',
  undo: 'Undo',
  undo_of: 'Undo: {title}',
  cancel_of: 'Cancel enrolment: {title}',
  undone: 'The request for {title} was undone. Nothing is sent.',
  cancelled: 'Cancelling {title} is saved. The seat is given back once the office has received it.',
  cancelling: 'Saving…',
  cancel_failed: 'It cannot be cancelled',
  confirm_title: 'Cancel the enrolment?',
  confirm_text: 'Your seat in {title} goes to somebody else. You can only enrol again while there are seats.',
  confirm_text_self_paced: 'You leave {title}. You can enrol again as long as the training is open.',
  confirm_offline:
    'You are offline: cancelling is saved and sent when online. The seat is yours until the office has received it.',
  confirm_yes: 'Yes, cancel it',
  confirm_no: 'Keep it',
};
