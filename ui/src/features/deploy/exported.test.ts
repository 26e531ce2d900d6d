import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { archiveOf, documentsIn, kustomization } from './exported';

const MANIFESTS = `apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    name: not-this
  name: web
spec:
  template:
    metadata:
      name: nor-this
---
# nothing but a remark
---
apiVersion: v1
kind: Service
metadata:
  name: "web"
`;

describe('a kustomize folder', () => {
  it('has a file for each object and lists them in their order', () => {
    const files = kustomization(MANIFESTS);
    expect([...files.keys()]).toEqual([
      'kustomization.yaml',
      'deployment-web.yaml',
      'service-web.yaml',
    ]);
    expect(files.get('kustomization.yaml')).toContain(
      'resources:\n  - deployment-web.yaml\n  - service-web.yaml\n',
    );
    expect(files.get('service-web.yaml')).toMatch(/^apiVersion: v1\n/);
  });

  it('keeps objects of one name apart', () => {
    const twice = `kind: Service\nmetadata:\n  name: a\n---\nkind: Service\nmetadata:\n  name: a\n`;
    expect([...kustomization(twice).keys()]).toContain('service-a-2.yaml');
  });

  it('leaves out documents that hold nothing', () => {
    expect(documentsIn(MANIFESTS)).toHaveLength(2);
    expect(documentsIn('---\n\n---\n')).toEqual([]);
  });

  it('is an archive of one folder', () => {
    const archive = unzipSync(archiveOf(kustomization(MANIFESTS), 'web'));
    expect(Object.keys(archive)).toContain('web/kustomization.yaml');
    expect(strFromU8(archive['web/service-web.yaml'] ?? new Uint8Array())).toContain('Service');
  });
});
