import './app.css';
import App from './App.svelte';
import { mount } from 'svelte';
import { words } from './lib/i18n.svelte';

words.ready().then(() => mount(App, { target: document.getElementById('app')! }));

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  addEventListener('load', () => navigator.serviceWorker.register('/sw.js').catch(() => {}));
}
