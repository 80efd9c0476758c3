import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The oldest phones in use open WeChat's own browser, which is a Chromium 87 to 89.
export default defineConfig({
  plugins: [svelte()],
  build: {
    target: ['chrome87', 'safari14'],
    manifest: true,
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
  },
  server: { proxy: Object.fromEntries(['/api', '/openapi.json'].map((path) => [path, process.env.JISHI_URL ?? 'http://127.0.0.1:8080'])) },
  test: { include: ['src/**/*.test.ts'], environment: 'node', testTimeout: 60_000 },
});
