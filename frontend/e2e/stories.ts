// Plays the story once for all tests, into one folder for each of its moments.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderOf, moments, type Moment } from './market';

export default function stories() {
  const folder = mkdtempSync(join(tmpdir(), 'jishi-stories-'));
  process.env.JISHI_STORIES = folder;
  for (const moment of Object.keys(moments) as Moment[]) {
    execFileSync(join(import.meta.dirname, '../../bin/jishi'), ['demo', '--data', folderOf(moment), '--until', String(moments[moment].step)], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return () => rmSync(folder, { recursive: true, force: true });
}
