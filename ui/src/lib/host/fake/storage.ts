/** Storage of the design data. */

import type { Row, StorageUse } from '$bindings/contract';
import { fact, said, type Ground } from './survey';
import { ago } from './phrases';

const TIB = 2 ** 40;

const use = (claims: number, requested: number, used?: number): StorageUse => ({
  claims,
  bound: claims,
  mounted: Math.max(claims - 1, 0),
  requested_bytes: requested,
  measured: used === undefined ? 0 : claims,
  ...(used !== undefined && { used_bytes: used }),
});

export function storageRows(ground: Ground): (Row & { id: string })[] {
  const source: Row & { id: string } = {
    id: 'source',
    row: 'storage_source',
    kubelets: ground === 'bare' ? 0 : 32,
    told: ground === 'whole' ? 30 : 0,
    ...(ground === 'forbidden' && { failure: 'nodes "gpu-h100-01" is forbidden: get nodes/proxy' }),
    ...(ground === 'whole' && { at: ago(48) }),
  };
  if (ground !== 'whole') return [source];
  const class_ = fact('StorageClass.storage.k8s.io ceph-filesystem', 'provisioner', 'cephfs');
  const claim = fact('PersistentVolumeClaim training/checkpoints', 'status.phase', 'Bound');
  return [
    source,
    {
      id: 'class',
      row: 'storage_class',
      name: 'ceph-filesystem',
      provisioner: 'rook-ceph.cephfs.csi.ceph.com',
      kind: 'file',
      component: 'Rook',
      claimed: use(4, 27 * TIB, 21 * TIB),
      access_modes: ['ReadWriteMany'],
      evidence: [class_, claim],
    },
    {
      id: 'driver',
      row: 'storage_driver',
      name: 'rook-ceph.cephfs.csi.ceph.com',
      component: 'Rook',
      volumes: 4,
      attached: 3,
      capacity_bytes: 27 * TIB,
      classes: ['ceph-filesystem'],
      evidence: [
        fact('CSIDriver.storage.k8s.io rook-ceph.cephfs.csi.ceph.com', 'metadata.name', ''),
      ],
    },
    {
      id: 'finding',
      row: 'storage_finding',
      severity: 'warning',
      reason: {
        code: 'volume_nearly_full',
        values: { available: { bytes: 1.4 * TIB }, capacity: { bytes: 20 * TIB } },
      },
      bytes: 20 * TIB,
      evidence: fact(
        'PersistentVolumeClaim training/checkpoints',
        'stats/summary usedBytes',
        '93 %',
      ),
    },
    {
      id: 'unused',
      row: 'storage_finding',
      severity: 'notice',
      reason: said('claim_unused'),
      bytes: 0.4 * TIB,
      evidence: fact('PersistentVolumeClaim training/qwen3-32b-dpo', 'status.phase', 'Bound'),
    },
    {
      id: 'cache',
      row: 'storage_cache',
      kind: 'Dataset',
      namespace: 'training',
      name: 'corpus-2026',
      severity: 'ok',
      fill: '78.0%',
      share: 0.78,
      source: 'juicefs:///corpus',
      size: '38.20TiB',
      evidence: fact(
        'Dataset.data.fluid.io training/corpus-2026',
        'status.cacheStates.cachedPercentage',
        '78.0%',
      ),
    },
    {
      id: 'claim',
      row: 'storage_claim',
      namespace: 'training',
      name: 'checkpoints',
      class: 'ceph-filesystem',
      volume: 'pvc-7d2f6a3e',
      phase: 'Bound',
      access_modes: ['ReadWriteMany'],
      severity: 'warning',
      requested_bytes: 20 * TIB,
      capacity_bytes: 20 * TIB,
      fill: {
        capacity_bytes: 20 * TIB,
        used_bytes: 18.6 * TIB,
        available_bytes: 1.4 * TIB,
        at: ago(48),
        node: 'gpu-h100-03',
      },
      mounted_by: ['TrainJob/llama-ft-0417', 'JobSet/qwen-dpo-31'],
      evidence: [claim],
    },
    {
      id: 'snapshot',
      row: 'storage_snapshot',
      namespace: 'llm-prod',
      name: 'model-store-20261120',
      claim: 'model-store',
      class: 'ceph-filesystem',
      is_ready: true,
      size: '6Ti',
      error: '',
      severity: 'ok',
      evidence: fact(
        'VolumeSnapshot.snapshot.storage.k8s.io llm-prod/model-store-20261120',
        'status.readyToUse',
        'true',
      ),
    },
    {
      id: 'place',
      row: 'storage_place',
      address: 's3://atlas-backups',
      named_by: 1,
      secrets: ['velero-s3'],
      evidence: [
        fact(
          'BackupStorageLocation.velero.io velero/default',
          'spec.objectStorage.bucket',
          'atlas-backups',
        ),
      ],
    },
    {
      id: 'user',
      row: 'storage_user',
      namespace: 'training',
      kind: '',
      name: '',
      claimed: use(3, 60 * TIB, 48 * TIB),
      evidence: [claim],
    },
  ];
}
