/** What an administrator enters so that kinds may be read in the whole cluster. */

/** A permission as the engine names it: `list pods`, `watch workloads.kueue.x-k8s.io`. */
const MISSING = /^(?:list|watch) ([a-z0-9]+(?:\.[a-z0-9.-]+)?)$/;

/** The commands that permit what `permissions` say is missing; nothing where none says it so. */
export function grantFor(permissions: readonly string[]): string {
  const resources = new Set(
    permissions.flatMap((permission) => MISSING.exec(permission)?.[1] ?? []),
  );
  if (resources.size === 0) return '';
  const all = [...resources].sort().join(',');
  return [
    `kubectl create clusterrole strata --verb=get,list,watch --resource=${all}`,
    'kubectl create clusterrolebinding strata --clusterrole=strata --user=NAME',
  ].join('\n');
}
