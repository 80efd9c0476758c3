import './app.css';
import App from './App.svelte';
import { mount } from 'svelte';
import { words } from './lib/i18n.svelte';

// Who comes by a link needs the table of pages as early as the words; who comes to the front page, only to leave it.
if (location.pathname !== '/') import('./routes').catch(() => {});

words.ready().then(() => mount(App, { target: document.getElementById('app')! }));

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  addEventListener('load', () => navigator.serviceWorker.register('/sw.js').catch(() => {}));
}
