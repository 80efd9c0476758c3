import type { Route } from './lib/router.svelte';

/** Every address of the product and the page behind it. */
export const routes: Route[] = [
  { pattern: '/', load: () => import('./places/home/Home.svelte') },
  { pattern: '/sign-in', load: () => import('./places/session/SignIn.svelte') },
];
