/** The words of connecting to a cluster, step by step, and of what is read from it. */

import type { Connection, Step, StepOutcome, WatchState } from '$bindings/contract';

export const connecting = {
  step: {
    configuration: 'Configuration',
    credentials: 'Credentials',
    name: 'Name',
    tcp: 'TCP',
    tls: 'TLS',
    authentication: 'Authentication',
    permission: 'Permission',
    version: 'Version',
  } satisfies Record<Step, string>,

  stepMeaning: {
    configuration: 'the context’s entries, files and certificates are read',
    credentials: 'the credential plugin is run, where there is one',
    name: 'the server’s name is resolved',
    tcp: 'a connection is made',
    tls: 'the certificate is verified',
    authentication: 'the server accepts the credentials',
    permission: 'nodes may be listed',
    version: 'the server tells its version',
  } satisfies Record<Step, string>,

  outcome: {
    passed: 'passed',
    not_needed: 'not needed',
    limited: 'limited',
    failed: 'failed',
    skipped: 'skipped',
  } satisfies Record<StepOutcome, string>,

  connection: {
    idle: 'not connected',
    connecting: 'connecting',
    live: 'live',
    stale: 'stale',
    failed: 'failed',
    needs_approval: 'needs approval',
  } satisfies Record<Connection['state'], string>,

  watchState: {
    loading: 'loading',
    live: 'live',
    stale: 'stale',
    forbidden: 'forbidden',
    partial: 'partial',
    failed: 'failed',
    not_served: 'not served',
  } satisfies Record<WatchState['state'], string>,
};
