/** Why a job does not run, asked anew when the job is another one than before. */

import type { ApiError, Explanation, JobRow } from '$bindings/contract';
import { call } from '$lib/api/call';
import { asApiError } from '$lib/host/host';
import { clock } from '$lib/state/clock.svelte';

/** A trace reads from the cluster: of a job that changes it is made anew at most this often, in milliseconds. */
const PAUSE = 2_000;
/** How often it is made anew of a job that seems to be as it was. */
const LOOK = 60_000;

export class Explained {
  explanation = $state.raw<Explanation>();
  error = $state.raw<ApiError>();
  isAsking = $state(false);
  /** When it was asked, in milliseconds. */
  askedAt = $state(0);

  /** Asks now. */
  async ask(cluster: string, job: JobRow): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    this.askedAt = clock.now;
    const kind = job.group === '' ? job.kind : `${job.kind}.${job.group}`;
    const { namespace, name } = job;
    try {
      this.explanation = await call('explain_object', { cluster, kind, namespace, name });
      this.error = undefined;
    } catch (thrown) {
      this.error = asApiError(thrown);
    } finally {
      this.isAsking = false;
    }
  }
}

/** What of a job says that a trace of it may be another one by now. */
const signature = (job: JobRow) =>
  [job.state, job.severity, job.ready?.ready, job.retries, job.evictions].join();

/** Whether something is to be explained of a job: it should run, or should have, and does not do well. */
function isToBeExplained(job: JobRow): boolean {
  if (job.state === 'succeeded') return false;
  // What was begun anew may run at this moment, between two crashes.
  const isWell = ['ok', 'paused'].includes(job.severity) && job.retries === 0;
  return job.state !== 'running' || !isWell;
}

/** Explains `job` as long as the component lives that asks for it. */
export function explain(cluster: () => string, job: () => JobRow | undefined): Explained {
  const explained = new Explained();
  let asked = '';
  // Asks the engine, which reads from the cluster.
  $effect(() => {
    const now = job();
    if (now === undefined || !isToBeExplained(now)) {
      explained.explanation = undefined;
      asked = '';
      return;
    }
    const meant = signature(now);
    const pause = meant === asked ? LOOK : PAUSE;
    if (explained.isAsking || clock.now - explained.askedAt < pause) return;
    asked = meant;
    void explained.ask(cluster(), now);
  });
  return explained;
}
