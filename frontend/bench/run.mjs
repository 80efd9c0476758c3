// Measures the pages and prints tables in Markdown: run.mjs URL-OF-THE-SERVER [-page NAME], which has the whole story and a
// demonstration's clock. With -page only the screens whose name has NAME in it, and beneath the table what moved and what was slow.
// First as a cheap phone on slow 4G sees them, beside a fixed reference page in the same run; then a lot published there; then the
// frames of a dispatcher's board. Each part ends by its own limit and tells what it has.
import { chromium } from '@playwright/test';
import { board } from './board.mjs';
import { publish } from './publish.mjs';
import { screens } from './screens.mjs';

const [url, option, name = ''] = process.argv.slice(2);
if (!url || (option && (option !== '-page' || !name))) throw new Error('usage: run.mjs URL-OF-THE-SERVER [-page NAME]');
const browser = await chromium.launch({ executablePath: process.env.JISHI_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const part of option ? [screens] : [screens, publish, board]) console.log((await part(browser, url, name)) + '\n');
} finally {
  await browser.close();
}
