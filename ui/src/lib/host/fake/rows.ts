/** The rows of each topic, by the scene. */

import type { Body, Connection, GpuRow, Row, Topic } from '$bindings/contract';
import { deviceClaims, gpuCapacity, gpuNodesOf } from './gpuCapacity';
import { deviceOffers, deviceSupply } from './gpuDevices';
import { fleet, gpuDetail, gpuMap, gpusOf } from './gpus';
import { jobDetail } from './jobDetail';
import { jobsOf, jobSummary } from './jobs';
import { queueRows } from './queues';
import { ATTENTION, layerRows } from './layers';
import { clusters, namespaces, pods, PROBLEMS, watches } from './lists';
import { conformanceRows } from './conformance';
import { lifecycleRows } from './lifecycle';
import { mapRows } from './map';
import { needRows } from './needs';
import { gpuNodes, manyNodes } from './nodes';
import { ago } from './phrases';
import { answerRows, loadRow, modelServers } from './playground';
import { releaseRows } from './releases';
import { storageRows } from './storage';
import { TILES } from './tiles';
import { traceOf } from './traces';
import { workstationRows } from './workstation';

export type Keyed = Body['upsert'];

export const SURVEYS = {
  map: mapRows,
  needs: needRows,
  lifecycle: lifecycleRows,
  storage: storageRows,
  conformance: conformanceRows,
};

function connection(scene: string): Connection {
  switch (scene) {
    case 'loading':
      return { state: 'live', version: 'v1.36.2', complete: false };
    case 'connecting':
      return { state: 'connecting', step: 'tls' };
    case 'stale':
      return {
        state: 'stale',
        since: ago(48),
        reason: 'the server stopped answering: connection reset by peer',
        retry_at: ago(-4),
      };
    case 'failed':
      return {
        state: 'failed',
        step: 'authentication',
        message: 'the server answered 401 Unauthorized: the token expired at 09:12',
        advice: 'Log in again, for example with `kubelogin`, then retry.',
        retry_at: ago(-18),
      };
    case 'approval':
      return {
        state: 'needs_approval',
        command: 'aws eks get-token --cluster-name prod-fra --output json',
        digest: 'sha256:5f0c1e3a9b7d4c268a1077e2d1979a31',
      };
    case 'idle':
    case 'first':
      return { state: 'idle' };
    default:
      return { state: 'live', version: 'v1.36.2', complete: true };
  }
}

/** The GPUs of a scene, made once: 8,000 of a thousand nodes, or those of a few racks. */
const fleets = new Map<number, GpuRow[]>();

export function gpusOfScene(scene: string): GpuRow[] {
  if (scene === 'empty' || scene === 'loading') return [];
  const nodes = scene === 'thousand' ? 1_000 : 48;
  const known = fleets.get(nodes) ?? fleet(nodes);
  fleets.set(nodes, known);
  return known;
}

/** The rows of a topic, and how many there are of which these are the window. */
export function rowsOf(scene: string, topic: Topic, turn = 0): { rows: Keyed; total?: number } {
  switch (topic.topic) {
    case 'clusters':
      return {
        rows: [
          ...clusters(connection(scene)).map((row) =>
            keyed(row.cluster, {
              row: 'cluster',
              ...row,
              ...(scene === 'partial' && row.counts !== undefined
                ? {
                    counts: {
                      ...row.counts,
                      watches_live: 5,
                      watches_partial: 12,
                      watches_forbidden: 21,
                    },
                  }
                : {}),
            }),
          ),
          ...PROBLEMS.map((row) =>
            keyed(`${row.file}#${row.context}`, { row: 'context_problem', ...row }),
          ),
        ],
      };
    case 'stack':
      return { rows: stack(scene, topic.namespaces) };
    case 'trace': {
      const trace = traceOf(topic.subject, topic.direction);
      return { rows: trace === undefined ? [] : [keyed('trace', { row: 'trace', ...trace })] };
    }
    case 'pods': {
      const all = pods(scene === 'thousand' ? 5_000 : 4);
      const { first, count } = topic.window;
      return {
        rows: all
          .slice(first, first + count)
          .map((row) => keyed(`${row.namespace}/${row.name}`, { row: 'pod', ...row })),
        total: all.length,
      };
    }
    case 'jobs':
      return scene === 'empty' ? { rows: [] } : jobsOf(topic);
    case 'job_summary':
      return { rows: [keyed('summary', { row: 'job_summary', ...jobSummary() })] };
    case 'job': {
      const detail = jobDetail(topic.name);
      return { rows: detail === undefined ? [] : [keyed('job', { row: 'job_detail', ...detail })] };
    }
    case 'workstation':
      return { rows: workstationRows(scene).map(({ id, row }) => keyed(id, row)) };
    case 'queues':
      return { rows: queueRows().map((row) => keyed(row.name, { row: 'queue', ...row })) };
    case 'releases':
      return {
        rows: releaseRows(scene).map((row) =>
          keyed(`${row.namespace}/${row.name}`, { row: 'release', ...row }),
        ),
      };
    case 'namespaces':
      return { rows: namespaces().map((row) => keyed(row.name, { row: 'namespace', ...row })) };
    case 'watches':
      return {
        rows: watches(
          scene === 'loading'
            ? 'loading'
            : scene === 'forbidden' || scene === 'partial'
              ? scene
              : scene === 'stale'
                ? 'stale'
                : 'live',
        ).map((row) => keyed(`${row.kind}.${row.group}`, { row: 'watch', ...row })),
      };
    case 'model_servers': {
      if (scene === 'loading') return { rows: [] };
      const all = modelServers(scene, topic.filter);
      return {
        rows: all.map((row) =>
          keyed([row.group, row.kind, row.namespace, row.name].join('/'), {
            row: 'model_server',
            ...row,
          }),
        ),
      };
    }
    case 'answer':
      return { rows: answerRows(scene, topic.trial) };
    case 'load_test': {
      const row = loadRow(topic.trial);
      return { rows: row === undefined ? [] : [keyed('load', { row: 'load_test', ...row })] };
    }
    case 'map':
    case 'needs':
    case 'lifecycle':
    case 'storage':
    case 'conformance': {
      const ground = scene === 'empty' ? 'bare' : scene === 'forbidden' ? 'forbidden' : 'whole';
      return { rows: SURVEYS[topic.topic](ground).map(({ id, ...row }) => keyed(id, row)) };
    }
    case 'gpu_map': {
      const { head, blocks } = gpuMap(gpusOfScene(scene), topic.colour, turn);
      return {
        rows: [
          keyed('map', { row: 'gpu_map', ...head, is_whole: scene !== 'loading' }),
          ...blocks.map((row) => keyed(`block/${row.name}`, { row: 'gpu_block', ...row })),
        ],
      };
    }
    case 'gpus': {
      const { rows, total } = gpusOf(gpusOfScene(scene), topic);
      return {
        rows: rows.map((row) => keyed(`${row.node}/${row.index}`, { row: 'gpu', ...row })),
        total,
      };
    }
    case 'gpu': {
      const own = gpusOfScene(scene).find(
        ({ node, index }) => node === topic.node && index === topic.index,
      );
      return {
        rows: own === undefined ? [] : [keyed('gpu', { row: 'gpu_detail', ...gpuDetail(own) })],
      };
    }
    case 'device_claims': {
      const all = ['empty', 'loading', 'forbidden'].includes(scene) ? [] : deviceClaims();
      return { rows: all.map((row) => keyed(row.name, { row: 'device_claim', ...row })) };
    }
    case 'gpu_nodes': {
      const { rows, total } = gpuNodesOf(gpusOfScene(scene), topic);
      return {
        rows: rows.map((row) => keyed(row.node, { row: 'gpu_node_capacity', ...row })),
        total,
      };
    }
    case 'gpu_capacity': {
      const { capacity, shares, fits, offers } = gpuCapacity(gpusOfScene(scene));
      return {
        rows: [
          keyed('capacity', { row: 'gpu_capacity', ...capacity }),
          ...shares.map((row) => keyed(`${row.by}/${row.name}`, { row: 'gpu_share', ...row })),
          ...fits.map((row) => keyed(`fit/${row.model}`, { row: 'gpu_fit', ...row })),
          ...offers.map((row) => keyed(`offer/${row.model}`, { row: 'gpu_offer', ...row })),
          keyed('supply', { row: 'device_supply', ...deviceSupply(scene) }),
          ...deviceOffers(scene).map((row) =>
            keyed(`device_offer/${row.kind}`, { row: 'device_offer', ...row }),
          ),
        ],
      };
    }
    // The design data have no logs of their own; the demo cluster has.
    case 'job_logs':
    case 'job_log_summary':
      return { rows: [] };
  }
}

function stack(scene: string, asked: readonly string[]): Keyed {
  if (scene === 'loading') {
    return layerRows({
      headline: undefined,
      loading: true,
      counts: [],
      trend: [],
      severity: 'unknown',
      tally: { ok: 0, paused: 0, unknown: 0, notice: 0, warning: 0, critical: 0 },
    } as never).map((row) => keyed(row.layer, { row: 'layer', ...row }));
  }
  if (scene === 'empty') {
    return layerRows({
      headline: undefined,
      counts: [],
      trend: [],
      severity: 'ok',
      tally: { ok: 0, paused: 0, unknown: 0, notice: 0, warning: 0, critical: 0 },
    } as never).map((row) => keyed(row.layer, { row: 'layer', ...row }));
  }
  const rows = layerRows().map((row) => {
    if (scene === 'partial') {
      return {
        ...row,
        forbidden:
          row.layer === 'hardware' ? ['list nodes'] : ['list deployments.apps', 'list pods'],
        namespaces: row.layer === 'hardware' ? [] : ['team-search', 'training'],
      };
    }
    if (scene !== 'forbidden') return row;
    if (row.layer === 'platform')
      return {
        ...row,
        forbidden: ['list workloads.kueue.x-k8s.io', 'list clusterqueues.kueue.x-k8s.io'],
      };
    return row.layer === 'hardware' ? { ...row, forbidden: ['list nodes'] } : row;
  });
  const isShown = (namespaces: readonly string[]) =>
    asked.length === 0 || namespaces.some((name) => asked.includes(name));
  const tiles = TILES.filter((tile) => tile.layer !== 'workloads' || isShown(tile.namespaces));
  const nodes = scene === 'thousand' ? manyNodes(1_200) : gpuNodes();
  return [
    ...rows.map((row) => keyed(row.layer, { row: 'layer', ...row })),
    ...tiles.map((row) => keyed(row.subject, { row: 'tile', ...row })),
    ...nodes.map((row) => keyed(`gpu/${row.node}`, { row: 'gpu_node', ...row })),
    ...ATTENTION.map((row, at) => keyed(`attention/${at}`, { row: 'attention', ...row })),
  ];
}

function keyed(id: string, row: Row): Keyed[number] {
  return { id, row };
}
