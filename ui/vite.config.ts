import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// `--mode fake` builds the interface over the design data of lib/host/fake; every other build
// leaves that folder out.
export default defineConfig({
  plugins: [svelte()],
  resolve: {
    alias: {
      $lib: fileURLToPath(new URL('./src/lib', import.meta.url)),
      $bindings: fileURLToPath(new URL('./src/bindings', import.meta.url)),
    },
    // Vitest would else take Svelte's server build, in which effects never run.
    ...(process.env['VITEST'] === undefined ? {} : { conditions: ['browser'] }),
  },
  build: {
    target: ['chrome111', 'safari16.4'],
    // A strict Content-Security-Policy knows no `data:` fonts and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { strictPort: true, port: 5173 },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
