/** The address of a view: `strata://CLUSTER/stack?path=SUBJECT&direction=would_fail&ns=a,b`. */

import type { Direction } from '$bindings/contract';

/** The views that exist. */
export const VIEWS = [
  'stack',
  'map',
  'gpus',
  'jobs',
  'deploy',
  'try',
  'workstation',
  'activity',
  'settings',
  'clusters',
] as const;
export type View = (typeof VIEWS)[number];

/** The views that show the chosen namespaces alone; the others show all that there are. */
export const BY_NAMESPACE: readonly View[] = ['stack', 'jobs', 'deploy', 'try'];

export interface Address {
  /** The cluster's id; empty where none is chosen. */
  readonly cluster: string;
  readonly view: View;
  /** The subject whose path is lit; empty for none. */
  readonly path: string;
  readonly direction: Direction;
  /** The namespaces that are shown, in order; empty for all. */
  readonly namespaces: readonly string[];
  /** What the view keeps of its own, by name: `by`, `heat`, `open` ... What is as by default is left out. */
  readonly options: Readonly<Record<string, string>>;
}

export const NOWHERE: Address = {
  cluster: '',
  view: 'stack',
  path: '',
  direction: 'depends_on',
  namespaces: [],
  options: {},
};

/** The names that every view knows; all others are a view's own. */
const SHARED = ['path', 'direction', 'ns'];

const SCHEME = 'strata://';

/** Encodes what would end a part of the address, and leaves readable what would not. */
function part(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%2F', '/')
    .replaceAll('%3A', ':')
    .replaceAll('%40', '@');
}

/** The address as text, with its scheme. What is as by default is left out. */
export function written(address: Address): string {
  const query: string[] = [];
  if (address.path !== '') query.push(`path=${part(address.path)}`);
  if (address.path !== '' && address.direction !== NOWHERE.direction) {
    query.push(`direction=${address.direction}`);
  }
  if (address.namespaces.length > 0) {
    query.push(`ns=${address.namespaces.map(part).join(',')}`);
  }
  for (const [name, value] of Object.entries(address.options)) {
    if (value !== '') query.push(`${part(name)}=${part(value)}`);
  }
  const host = encodeURIComponent(address.cluster);
  return `${SCHEME}${host}/${address.view}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** Reads an address, with or without its scheme or a leading `#`; `null` where it is none. */
export function read(text: string): Address | null {
  const bare = text.replace(/^#\/?/, '').replace(SCHEME, '');
  const [path, query] = split(bare, '?');
  const [host, view] = split(path, '/');
  if (!VIEWS.some((known) => known === view)) return null;
  const values = new Map(
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => split(pair, '=')),
  );
  return {
    cluster: decoded(host),
    view: view as View,
    path: decoded(values.get('path') ?? ''),
    direction: values.get('direction') === 'would_fail' ? 'would_fail' : 'depends_on',
    namespaces: (values.get('ns') ?? '')
      .split(',')
      .filter((name) => name !== '')
      .map(decoded),
    options: Object.fromEntries(
      [...values]
        .filter(([name]) => !SHARED.includes(name))
        .map(([name, value]) => [decoded(name), decoded(value)]),
    ),
  };
}

function split(text: string, at: string): [string, string] {
  const found = text.indexOf(at);
  return found < 0 ? [text, ''] : [text.slice(0, found), text.slice(found + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
