import { defineConfig } from '@playwright/test';

// Every test opens the real server (bin/jishi) on a copy of the demonstration; see e2e/market.ts.
const use = {
  launchOptions: { executablePath: process.env.JISHI_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] },
  locale: 'zh-CN',
  timezoneId: 'Europe/Berlin', // a phone whose clock is set elsewhere: every time shown must still be China's
  serviceWorkers: 'block' as const, // tests of life without a network let it in
};

const phone = { viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true };

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/stories.ts',
  snapshotPathTemplate: '{testDir}/shapes/{arg}{ext}',
  outputDir: process.env.JISHI_RESULTS ?? 'test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 2,
  retries: process.env.CI ? 1 : 0, // what needs its second try is printed as flaky: a defect to look for, no reason to hold up the rest
  reporter: 'list',
  projects: [
    { name: 'phone', grepInvert: /@desk|@soak|@old/, use: { ...use, ...phone } },
    { name: 'desk', grepInvert: /@phone|@soak|@old/, use: { ...use, viewport: { width: 1366, height: 900 } } },
    // The oldest browser that the pages promise to work in; scripts/browser.sh brings it.
    { name: 'old', grep: /@old/, use: { ...use, ...phone, launchOptions: { ...use.launchOptions, executablePath: process.env.JISHI_OLD_CHROMIUM ?? '' } } },
    { name: 'soak', grep: /@soak/, use: { ...use, viewport: { width: 1366, height: 900 } } },
  ],
});
