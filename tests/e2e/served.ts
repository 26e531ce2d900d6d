import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base } from '@playwright/test';

/** A running `strata serve`. */
export interface Served {
  /** The link that it printed, with its token. */
  link: string;
  /** The same, without the token. */
  origin: string;
}

/** What a journey may ask of its surroundings, with `test.use`. */
export interface Asked {
  /** The kubeconfig files of `KUBECONFIG`: a name and its text. */
  kubeconfigs: Record<string, string>;
  /** Files that lie in the program's folder of data before it starts: a name and its text. */
  kept: Record<string, string>;
  /** Variables of the program's environment, beside those of this process. */
  environment: Record<string, string>;
  /** What the browser may complain of in this journey; anything else fails it. */
  complaints: RegExp | null;
}

/**
 * Starts `strata serve --demo` for each journey, so that none finds what another chose, and fails a
 * journey in which the page threw, broke its policy or logged an error.
 */
export const test = base.extend<Asked & { served: Served }>({
  kubeconfigs: [{}, { option: true }],
  kept: [{}, { option: true }],
  environment: [{}, { option: true }],
  complaints: [null, { option: true }],

  served: async ({ kubeconfigs, kept, environment }, use) => {
    const data = mkdtempSync(join(tmpdir(), 'strata-e2e-'));
    const files = Object.entries(kubeconfigs).map(([name, text]) => {
      const file = join(data, name);
      writeFileSync(file, text);
      return file;
    });
    const folder = join(data, 'data');
    mkdirSync(folder);
    for (const [name, text] of Object.entries(kept)) writeFileSync(join(folder, name), text);
    const child = spawn(program(), ['serve', '--demo', '--data', folder], {
      // A file that is not there keeps kubectl's own default out.
      env: {
        ...process.env,
        ...environment,
        KUBECONFIG: files.join(delimiter) || join(data, 'none'),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolved) => child.once('exit', resolved));
    try {
      const link = await printedLink(child);
      await use({ link, origin: new URL(link).origin });
    } finally {
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true });
    }
  },

  // It asks for `served` so that it ends first: a page that outlives its program complains of that.
  page: async ({ page, served: _endsLater, complaints }, use) => {
    const found: string[] = [];
    page.on('pageerror', (error) => found.push(`threw: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
    });
    await use(page);
    const unexpected = found.filter((text) => !complaints?.test(text));
    if (unexpected.length > 0) throw new Error(`the page complained:\n${unexpected.join('\n')}`);
  },
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
