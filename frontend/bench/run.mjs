// Measures the pages and prints tables in Markdown: run.mjs URL-OF-THE-SERVER, which has the whole story and a demonstration's clock.
// First as a cheap phone on slow 4G sees them, beside a fixed reference page in the same run; then a lot published there; then the
// frames of a dispatcher's board. Each part ends by its own limit and tells what it has.
import { chromium } from '@playwright/test';
import { board } from './board.mjs';
import { publish } from './publish.mjs';
import { screens } from './screens.mjs';

const url = process.argv[2];
const browser = await chromium.launch({ executablePath: process.env.JISHI_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const part of [screens, publish, board]) console.log((await part(browser, url)) + '\n');
} finally {
  await browser.close();
}
