// What was typed and not sent yet. It outlives the screen, not the person or the app: an appeal is stored once it is sent.

import { forEachPerson } from '../../app/next-person';

class Draft {
  text = $state('');
}

export const draft = new Draft();

forEachPerson(() => (draft.text = ''));
