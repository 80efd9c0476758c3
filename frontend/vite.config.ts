import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** What pages share and the frame does not need. */
const shared = /src[/](lib[/](amount|deeds|device|draft|listing|names|outbox|photos|quantity|sources)|parts[/](?!Bell|Top|FillBar|Split)|places[/]market[/]saved|pictures[/](text|Wide|scale))|svelte[/]src[/]internal[/]flags[/]/;

/** Parts of the few pages that tell where a gift's money and goods went; they come with the pictures, which the largest of these draws. */
const drawn = /src[/](?:parts[/]Split|places[/]gifts[/]Way)[.]/;

/** A browser asks a server for six files at a time: what many pages share is one file, what some share one more. */
const groups = [
  { name: 'frame', tags: ['$initial'], priority: 2 },
  { name: 'parts', test: shared, minShareCount: 2 },
  { name: (id: string) => drawn.test(id) ? 'pictures' : id.match(/src[/](?:places[/](\w+)|(pictures))[/]/)?.slice(1).find(Boolean), minShareCount: 2 },
];

// The oldest phones in use open WeChat's own browser, which is a Chromium 87 to 89.
export default defineConfig({
  plugins: [svelte()],
  build: {
    target: ['chrome87', 'safari14'],
    manifest: true,
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    cssCodeSplit: false, // one sheet, which scripts/page.mjs writes into the page
    rolldownOptions: { output: { codeSplitting: { includeDependenciesRecursively: false, groups } } },
  },
  server: { proxy: Object.fromEntries(['/api', '/openapi.json'].map((path) => [path, process.env.JISHI_URL ?? 'http://127.0.0.1:8080'])) },
  test: { include: ['src/**/*.test.ts'], environment: 'node', testTimeout: 60_000 },
});
