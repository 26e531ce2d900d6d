/** One object in an address: `Deployment.apps/team-a/web`, `Node//gpu-1`. */

import type { ObjectName } from '$bindings/contract';

export function objectText({ kind, namespace, name }: ObjectName): string {
  return `${kind}/${namespace}/${name}`;
}

/** The object that a text names; `null` where it names none. */
export function objectIn(text: string): ObjectName | null {
  const [kind, namespace, ...rest] = text.split('/');
  const name = rest.join('/');
  if (kind === undefined || kind === '' || namespace === undefined || name === '') return null;
  return { kind, namespace, name };
}

/** Where an object's YAML is edited: the options of the view `deploy`. */
export function objectOptions(object: ObjectName): Record<string, string> {
  return { part: 'yaml', object: objectText(object) };
}

/** Where a node is cordoned, drained and edited: the options of the view `deploy`. */
export function nodeOptions(name: string): Record<string, string> {
  return objectOptions({ kind: 'Node', namespace: '', name });
}
