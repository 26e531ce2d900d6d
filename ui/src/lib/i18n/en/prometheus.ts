/** The words of a Prometheus that is given for a cluster. */

export const prometheus = {
  title: 'Prometheus',
  lead: 'Where exporters cannot be reached through the API server, a Prometheus at an address of its own supplies their measurements.',
  cluster: 'Cluster',
  url: 'Address',
  urlPlaceholder: 'https://prometheus.example:9090',
  credentials: 'Credentials',
  by: { nothing: 'None', bearer: 'Token', basic: 'Name and password' },
  user: 'Name',
  secretOf: { bearer: 'Token', basic: 'Password' },
  in: { file: 'In a file', environment: 'In a variable' },
  place: { file: 'Path of the file', environment: 'Name of the variable' },
  placeNote: 'Strata keeps where the secret lies, never the secret.',
  authority: 'Certificates',
  authorityPlaceholder: 'a PEM file; if empty, those the system trusts',
  isPlain: 'Without TLS the credentials cross the network in the clear.',
  attempt: 'Try it',
  trying: 'Asking…',
  save: 'Save',
  saved: 'Saved; it is queried from now on.',
  forget: 'Remove',
  forgotten: 'Removed; a Prometheus found in the cluster is used instead.',
  notGiven: 'None given: one found in the cluster is used.',
  given: 'Given:',
  found: (version: string, devices: string, milliseconds: string) =>
    `${version === '' ? 'It answers' : `Prometheus ${version}`} · readings of ${devices} accelerators · ${milliseconds} ms`,
  missing: (why: string) => `Its answer is not whole: ${why}`,
  noDevices: 'It answers, but has no accelerator readings from the last two minutes.',
};

export type PrometheusWords = typeof prometheus;
