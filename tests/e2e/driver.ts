import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base } from './served.ts';

/** How NVIDIA's driver behaves: a scenario of `tests/fake-nvml/machine.h`. */
export type Behaviour = 'HEALTHY' | 'MIG' | 'HANG' | 'GAPS' | 'NO_PERMISSION';

/** A journey on a machine that has GPUs, with a process on the first one that may be ended. */
export const test = base.extend<{ driver: Behaviour }>({
  driver: ['HEALTHY', { option: true }],

  environment: async ({ driver }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'strata-nvml-'));
    const library = join(folder, 'libnvidia-ml.so.1');
    const fake = resolve('../fake-nvml');
    const sources = readdirSync(fake).filter((name) => name.endsWith('.c'));
    const compiler = ['-fPIC', '-shared', '-o', library, `-DSCENARIO=${driver}`];
    execFileSync('cc', [...compiler, ...sources.map((name) => join(fake, name))]);
    const process = spawn('sleep', ['600'], { stdio: 'ignore' });
    try {
      await use({
        STRATA_NVML_LIBRARY: library,
        FAKE_NVML_STATE: join(folder, 'state'),
        FAKE_NVML_PROCESS: String(process.pid),
      });
    } finally {
      process.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  },
});
