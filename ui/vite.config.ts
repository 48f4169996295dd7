import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  // The shell serves the files from its own scheme: addresses must be relative.
  base: './',
  plugins: [svelte()],
  // Components under test need Svelte's browser build, which vitest would not choose by itself.
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  build: {
    target: 'safari15',
    outDir: 'dist',
    emptyOutDir: true,
    // Nothing inline: the content security policy forbids inline scripts, styles and data fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // A note on slow plugins is no warning about the product.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  // The texts of the licences are beside the sources that they are about.
  server: { port: 5173, strictPort: false, fs: { allow: ['..'] } },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.ts'],
    restoreMocks: true,
    // Read by the test that looks for unused tokens; otherwise vitest gives an empty text for every style sheet.
    css: { include: [/\/design\//] },
    // Conditions are waited for; the limit only ends what hangs, also on a busy machine.
    testTimeout: 60_000,
  },
}));
