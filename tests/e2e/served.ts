import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base } from '@playwright/test';

/** A running `strata serve`. */
export interface Served {
  /** The link that it printed, with its token. */
  link: string;
  /** The same, without the token. */
  origin: string;
}

/** Starts `strata serve --demo` once for each worker, with settings of its own. */
export const test = base.extend<object, { served: Served }>({
  served: [
    // Playwright reads the first parameter's names to find what this needs.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const data = mkdtempSync(join(tmpdir(), 'strata-e2e-'));
      const child = spawn(program(), ['serve', '--demo', '--data', data], {
        env: { ...process.env, KUBECONFIG: join(data, 'kubeconfig') },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const link = await printedLink(child);
      await use({ link, origin: new URL(link).origin });
      child.kill('SIGTERM');
      await new Promise((ended) => (child.exitCode === null ? child.once('exit', ended) : ended(0)));
      rmSync(data, { recursive: true });
    },
    { scope: 'worker' },
  ],
});

export { expect } from '@playwright/test';

/** The built program: `STRATA_PROGRAM`, else that of the checkout. */
function program(): string {
  const built = process.env['STRATA_PROGRAM'] ?? resolve('../../target/debug/strata');
  if (!existsSync(built)) throw new Error(`${built} is not built; cargo build --workspace --bins`);
  return built;
}

async function printedLink(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the program has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const link = /http:\/\/\S+/.exec(line)?.[0];
    if (link) return link;
  }
  throw new Error('strata serve ended before it printed its link');
}
