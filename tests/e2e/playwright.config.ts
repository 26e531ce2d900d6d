import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** The system's browser: Playwright's own download is not needed. */
const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);

export default defineConfig({
  testDir: 'journeys',
  testMatch: '*.ts',
  outputDir: 'test-results',
  forbidOnly: true,
  // A flaky test is a failed one: its cause is to be mended.
  retries: 0,
  workers: 1,
  // How long before a hanging test is given up; never what a test measures.
  timeout: 120_000,
  expect: { timeout: 60_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(browser ? { executablePath: browser } : {}),
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
});
