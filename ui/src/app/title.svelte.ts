// The window's title: the screen's name, and "Kesalahan:" in front while a form has errors.

class Title {
  screen = $state('');
  error = $state(false);
}

export const title = new Title();
