// The document's title, which screen readers read out (the window's own title bar keeps the app's name): the screen's name, and "Kesalahan:" in front while a form has errors.

class Title {
  screen = $state('');
  error = $state(false);
}

export const title = new Title();
