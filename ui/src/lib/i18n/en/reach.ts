/** Words on what may be seen in some namespaces alone. */

import { grouped } from '$lib/format/number';

export const reach = {
  partial: (count: number) => `${grouped(count)} in namespaces alone`,
  alone: (namespaces: string) => `in ${namespaces} alone`,
  aloneIn: (count: number) => `in ${grouped(count)} namespaces alone`,
  kinds: (count: number, namespaces: string) =>
    count === 1
      ? `One kind is seen in ${namespaces} alone.`
      : `${grouped(count)} kinds are seen in ${namespaces} alone.`,
  refusedIn: (namespaces: string) => `refused in ${namespaces}`,
  notYetIn: (namespaces: string) => `still to come from ${namespaces}`,
  staleIn: (namespaces: string) => `not current in ${namespaces}`,
  failedIn: (namespaces: string) => `failed in ${namespaces}`,
  missing: (permission: string) => `in the whole cluster: ${permission} is missing`,
  grantLead: 'An administrator permits the whole cluster with two commands, with your user name.',
  copyGrant: 'Copy the commands',
  jobs: (namespaces: string) =>
    `Some kinds may not be listed in the whole cluster; their jobs are seen in ${namespaces} alone. Missing:`,
  claims: (namespaces: string) => `None in ${namespaces}. Others may not be listed; missing:`,
  title: 'Namespaces',
  lead: 'Where a kind may not be listed in the whole cluster, it is watched in these namespaces instead.',
  cluster: 'Cluster',
  own: 'Of the context',
  named: 'Also in',
  placeholder: 'team-a, team-b',
  most: (count: number) => `Separated by commas or spaces; at most ${grouped(count)}.`,
  save: 'Save',
  saved: 'Saved; they are watched from now on.',
  filter: 'Some kinds may not be listed in the whole cluster: other namespaces are not seen.',
};

export type ReachWords = typeof reach;
