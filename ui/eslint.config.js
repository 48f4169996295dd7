import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

// Everything that talks to the shell goes through one module, so that the fake can stand in for it.
const onlyCommands = {
  'no-restricted-imports': [
    'error',
    { patterns: [{ group: ['@tauri-apps/*'], message: 'Only src/ipc/commands.ts may import Tauri.' }] },
  ],
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'src/ipc/types.ts'] },
  ...tseslint.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  {
    rules: {
      ...onlyCommands,
      eqeqeq: 'error',
      'no-console': 'error',
      'no-eval': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'svelte/no-at-html-tags': 'error',
      // Hash routes need no resolving: there is no SvelteKit here.
      'svelte/no-navigation-without-resolve': 'off',
      // The type checker knows better than the linter which globals exist.
      'no-undef': 'off',
    },
  },
  { files: ['src/ipc/commands.ts'], rules: { 'no-restricted-imports': 'off' } },
);
