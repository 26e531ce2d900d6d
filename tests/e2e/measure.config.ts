import { defineConfig } from '@playwright/test';
import journeys from './playwright.config.ts';

/** Measurements of the interface in Chromium over its design data: figures, no verdicts. */
export default defineConfig(journeys, {
  testDir: 'measure',
  reporter: 'line',
});
