// LCP, CLS and INP of the screens, each the median of three cold loads, beside a fixed page in the same run.
import { createServer } from 'node:http';
import { CPU, median, painted, phone, settled, SIZE } from './phone.mjs';

const LOADS = 3;
const LIMIT = 250_000;

/** Name, who looks at it, address, and what is tapped there; keys are typed after the tap. */
async function all(url, reference) {
  const first = async (list, which = () => true) => (await (await fetch(url + '/api' + list)).json()).find(which).id;
  const language = 'header button';
  return [
    ['reference: 200 lines of text, one button, no script file', '', reference, 'button'],
    ['front page', '', url + '/', 'input[type=search]'],
    ['search', '', url + '/search?q=' + encodeURIComponent('苹果'), 'input[type=search]'],
    ['an offer', '', `${url}/offers/${await first('/offers')}`, language],
    ['a gift', '', `${url}/gifts/${await first('/campaigns', (c) => c.title.includes('苹果'))}`, 'main summary'],
    ['sign-in', '', url + '/sign-in', 'main input'],
    ['cooperative: front page', 'liulin', url + '/', 'input[type=search]'],
    ['cooperative: new lot', 'liulin', url + '/lots/new', 'input[name=line]'],
    ['cooperative: orders', 'liulin', url + '/orders', language],
    ['receiver: needs', 'union', url + '/demands', language],
    ['driver: trips', 'driver1', url + '/trips', language],
    ['carrier: trucks', 'haulier', url + '/vehicles', 'main summary'],
    ['dispatcher: desk', 'dispatcher', url + '/dispatch', 'main summary'],
  ];
}

/** Measures the screens whose name has `only` in it; with such a choice it says too what made the figures of the last load. */
export async function screens(browser, url, only = '') {
  const started = Date.now();
  const reference = await serveReference();
  const pages = (await all(url, reference.url)).filter(([name]) => name.includes(only));
  if (!pages.length) throw new Error('no screen is called ' + only);
  const found = new Map(pages.map(([name]) => [name, []]));
  for (let n = 0; n < LOADS * pages.length && Date.now() - started < LIMIT; n++) {
    const [name, ...page] = pages[n % pages.length];
    found.get(name).push(await measure(browser, url, ...page));
  }
  reference.stop();
  const rows = [...found].map(([name, got]) => {
    const mid = (key) => median(got.map((r) => r[key]));
    return `| ${name} | ${got.length} | ${Math.round(mid('lcp'))} | ${mid('cls').toFixed(3)} | ${Math.round(mid('inp'))} | ${(mid('bytes') / 1000).toFixed(1)} |`;
  });
  const why = only ? [...found].map(([name, got]) => `\n\n${[name, ...got.at(-1).why].join('\n- ')}`).join('') : '';
  return `| page (slow 4G, processor ÷ ${CPU}, ${SIZE.width} × ${SIZE.height}) | loads | LCP ms | CLS | INP ms | kB over the wire |\n|---|--:|--:|--:|--:|--:|\n${rows.join('\n')}${why}`;
}

/** One cold load, a tap and a few keys. */
async function measure(browser, url, login, address, target) {
  const { page, wire, close } = await phone(browser, url, login);
  let bytes = 0;
  wire.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength));
  await page.goto(address);
  await settled(page);
  const { lcp } = await painted(page);
  const loaded = bytes;
  await page.locator(target).first().tap();
  await page.keyboard.type('苹果abc', { delay: 120 });
  await page.keyboard.press('Tab');
  const { cls, inp, largest, why } = await painted(page);
  await close();
  return { lcp, cls, inp, bytes: loaded, why: [largest, ...why] };
}

async function serveReference() {
  const lines = Array.from({ length: 200 }, (_, i) => `<p>${i + 1} 凤翔的苹果送到武汉的医院，每一克货、每一分钱都能查到。</p>`).join('');
  const html = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Reference</title><main><h1>Reference</h1><button onclick="this.textContent+='.'">+</button>${lines}</main></html>`;
  const server = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html; charset=utf-8').end(html));
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}
