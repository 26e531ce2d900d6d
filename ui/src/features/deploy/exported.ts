/** Manifests as files: one of YAML, or a folder that kustomize builds. Pure. */

import { strToU8, zipSync } from 'fflate';

/** The documents of a text of YAML, without those that hold nothing. */
export function documentsIn(manifests: string): string[] {
  return manifests
    .split(/^---\s*$/m)
    .map((document) => document.replace(/^\n+/, ''))
    .filter((document) => /^\s*[^#\s]/m.test(document));
}

/** The kind and name of a document, as the name of its file: `deployment-web.yaml`. */
function fileOf(document: string): string {
  const kind = /^kind:\s*(\S+)/m.exec(document)?.[1] ?? 'object';
  const metadata = /^metadata:\s*\n((?:[ \t]+.*\n?|\s*\n)*)/m.exec(document)?.[1] ?? '';
  const indent = /^([ \t]+)\S/m.exec(metadata)?.[1] ?? '  ';
  const name = new RegExp(`^${indent}name:\\s*(.+)$`, 'm').exec(metadata)?.[1] ?? 'unnamed';
  const safe = (text: string) => text.toLowerCase().replace(/[^a-z0-9.-]+/g, '-');
  return `${safe(kind)}-${safe(name.replace(/^['"]|['"]$/g, ''))}`;
}

/** The files of a folder that kustomize builds: each object, and what lists them. */
export function kustomization(manifests: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const document of documentsIn(manifests)) {
    const name = fileOf(document);
    let file = `${name}.yaml`;
    for (let again = 2; files.has(file); again += 1) file = `${name}-${again}.yaml`;
    files.set(file, document);
  }
  const list = [...files.keys()].map((file) => `  - ${file}\n`).join('');
  const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n';
  return new Map([['kustomization.yaml', `${head}${list}`], ...files]);
}

/** The folder as an archive, in which it is called `folder`. */
export function archiveOf(
  files: ReadonlyMap<string, string>,
  folder: string,
): Uint8Array<ArrayBuffer> {
  const entries = [...files].map(([file, text]) => [`${folder}/${file}`, strToU8(text)] as const);
  return new Uint8Array(zipSync(Object.fromEntries(entries)));
}
