// Writes the styles into dist/index.html and has the frame's script named before all else: a file of styles is one more way to and
// fro before anything shows, and one of the six files that a browser asks a server for at a time.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

const page = readFileSync('dist/index.html', 'utf8');
const [sheet, file] = page.match(/<link rel="stylesheet"[^>]* href="\/(assets\/[^"]+\.css)">/) ?? [];
const [script] = page.match(/<script type="module"[^>]*><\/script>/) ?? [];
if (!file || !script) throw new Error('dist/index.html names no styles or no script');
const styles = readFileSync('dist/' + file, 'utf8').trim();
if (styles.includes('</')) throw new Error('the styles would end their own block');
const rest = page.replace(sheet, '').replace(script, '');
writeFileSync('dist/index.html', rest.replace('<title>', () => `${script}\n    <title>`).replace('</head>', () => `  <style>${styles}</style>\n  </head>`));
rmSync('dist/' + file);
