/** What an administrator enters so that exporters may be asked. */

const MISSING = /^get ([a-z/]+) in namespace ([a-z0-9-]+) is not permitted$/;

/** The commands that permit what `missing` says is missing; nothing where it says it otherwise. */
export function ruleFor(missing: string): string {
  const [, resource, namespace] = MISSING.exec(missing) ?? [];
  if (resource === undefined || namespace === undefined) return '';
  const create = `kubectl -n ${namespace} create`;
  return [
    `${create} role strata --verb=get --resource=${resource}`,
    `${create} rolebinding strata --role=strata --user=NAME`,
  ].join('\n');
}
