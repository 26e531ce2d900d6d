/** What is typed elsewhere to see what Kubernetes and the exporters do not tell. */

import type { GpuHolder } from '$bindings/contract';

/** A word of a command line, quoted where a shell would read more into it. */
function word(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Lists the processes of the container that holds a GPU. */
export function processesCommand({ namespace, pod, container }: GpuHolder): string {
  const where = container === '' ? [] : ['-c', word(container)];
  return [
    'kubectl exec',
    '-n',
    word(namespace),
    word(pod),
    ...where,
    '-- ps -eo pid,user,rss,args',
  ].join(' ');
}
