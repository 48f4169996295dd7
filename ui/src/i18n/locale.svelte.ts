// The language in force. Reading it inside a template makes the template follow a change at once.

export type Language = 'id' | 'en';

class Locale {
  language = $state<Language>('id');

  set(language: Language): void {
    this.language = language;
  }

  /** Tag for `Intl`. */
  get tag(): string {
    return this.language === 'id' ? 'id-ID' : 'en-GB';
  }
}

export const locale = new Locale();
