import { defineConfig } from '@playwright/test';

// Against a running server with demonstration data when JISHI_URL is set; else the built pages alone, with the
// answers of e2e/answers.ts in the server's place.
const url = process.env.JISHI_URL;
const use = {
  launchOptions: { executablePath: process.env.JISHI_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] },
  baseURL: url ?? 'http://127.0.0.1:4173',
  locale: 'zh-CN',
  timezoneId: 'Europe/Berlin', // a phone whose clock is set elsewhere: every time shown must still be China's
};

export default defineConfig({
  testDir: 'e2e',
  testMatch: url ? /.*\.story\.ts/ : /.*\.spec\.ts/,
  outputDir: process.env.JISHI_RESULTS ?? 'test-results',
  timeout: 60_000,
  workers: 2,
  reporter: 'list',
  projects: [
    { name: 'phone', grepInvert: /@desk/, use: { ...use, viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true } },
    { name: 'desk', use: { ...use, viewport: { width: 1280, height: 800 } } },
  ],
  webServer: url ? undefined : { command: 'npx vite preview --host 127.0.0.1 --port 4173 --strictPort', url: 'http://127.0.0.1:4173', reuseExistingServer: false },
});
