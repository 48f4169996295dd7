// What was typed and not sent yet. It outlives the screen, not the app: an appeal is stored once it is sent.

class Draft {
  text = $state('');
}

export const draft = new Draft();
