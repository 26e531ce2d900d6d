/** Fields as a cluster describes them, of the design data. */

import type { DescribedField, DescribeField, SchemaField } from '$bindings/contract';

/** Some fields of a Deployment, as an API server describes them. */
export function describeField({ kind: kindName, path }: DescribeField): DescribedField {
  const field = (name: string, type: string, description: string, isRequired = false) => ({
    name,
    type_name: type,
    description,
    is_required: isRequired,
  });
  const known: Record<string, readonly SchemaField[]> = {
    '': [
      field('apiVersion', 'string', 'The versioned schema of this object.'),
      field('kind', 'string', 'The kind of this object.'),
      field('metadata', 'object', 'Name, namespace, labels and annotations.'),
      field('spec', 'object', 'What is wanted of the Deployment.'),
    ],
    spec: [
      field('replicas', 'integer', 'How many pods are wanted. 1 where it is not said.'),
      field('selector', 'object', 'Which pods are its own. It cannot be changed.', true),
      field('strategy', 'object', 'How old pods are replaced by new ones.'),
      field('template', 'object', 'What the pods are made from.', true),
    ],
  };
  const fields = kindName === 'Deployment' ? (known[path.join('.')] ?? []) : [];
  const parent = known[path.slice(0, -1).join('.')] ?? [];
  const about = parent.find(({ name }) => name === path.at(-1));
  return {
    is_known: path.length === 0 || about !== undefined,
    about: about ?? field('', 'object', ''),
    values: [],
    fields: [...fields],
  };
}
