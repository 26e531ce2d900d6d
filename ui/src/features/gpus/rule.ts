/** What an administrator enters so that exporters may be asked. */

const MISSING = /^get ([a-z/]+) in namespace ([a-z0-9-]+) is not permitted$/;

/** The commands that permit what `missing` says is missing; nothing where it says it otherwise. */
export function ruleFor(missing: string): string {
  const [, resource, namespace] = MISSING.exec(missing) ?? [];
  if (resource === undefined || namespace === undefined) return '';
  const role = `strata-exporters --namespace=${namespace}`;
  return [
    `kubectl create role ${role} --verb=get --resource=${resource}`,
    `kubectl create rolebinding ${role} --role=strata-exporters --user=NAME`,
  ].join('\n');
}
