// Choices of the settings. Names of languages are in their own language, so that everybody finds theirs.

export const LANGUAGES = [
  { value: 'id', label: 'Bahasa Indonesia', lang: 'id' },
  { value: 'en', label: 'English', lang: 'en' },
] as const;

export const THEMES = ['system', 'light', 'dark'] as const;

export const TEXT_PERCENTS = ['100', '125', '150', '200'] as const;

export const PHOTO_SENDING = ['automatic', 'always', 'hold'] as const;
