/** The words about jobs that are no longer in the cluster. */

export const pastJobs = {
  gone: 'no longer in the cluster',
  short: 'gone',
  show: 'Show those that are no longer in the cluster',
  title: 'This job is no longer in the cluster',
  why: 'It was deleted, or cleaned up after it ended. What follows was kept on this computer.',
  closed: (at: string) =>
    `It went while Strata was closed, and was seen last at ${at}. What follows was kept on this computer.`,
  ended: {
    succeeded: 'It had succeeded.',
    failed: 'It had failed.',
    otherwise: (state: string) => `It was ${state} when it was seen last.`,
  },
  outcome: 'Last seen as',
  queued: 'Queued at',
  started: 'Started at',
  finished: 'Finished at',
  missed: 'Missed since',
  unseen: 'while Strata was not watching',
  seen: 'Seen last at',
  gpus: 'GPUs asked for',
  queue: 'Queue',
  owner: 'Owner',
  namespace: 'Namespace',
  reason: 'Last known reason',
};
