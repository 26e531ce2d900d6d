/** What a change comes to, of the design data. */

import type { ChangeObjects, ChangeReport, ChangeStep, DeployRecipe } from '$bindings/contract';
import { phrase } from './phrases';

export function manifests(name: string, namespace: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/managed-by: strata
spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      containers:
        - name: server
          image: vllm/vllm-openai:v0.24.0
          args: ["--model", "Qwen/Qwen3-8B", "--max-model-len", "32768"]
          resources:
            limits:
              nvidia.com/gpu: 1
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - port: 8000
`;
}

function step(kindName: string, request: ChangeObjects, more: Partial<ChangeStep>): ChangeStep {
  return {
    object: { kind: kindName, namespace: request.namespace, name: 'llama-3-70b' },
    api_version: kindName.includes('.') ? 'apps/v1' : 'v1',
    action: 'change',
    progress: request.intent === 'apply' ? 'done' : 'planned',
    is_assumed: false,
    fields: [],
    conflicts: [],
    consequences: [],
    warnings: [],
    kubectl: `kubectl apply --server-side --field-manager=strata -n ${request.namespace} -f ${kindName.toLowerCase()}.yaml`,
    before: '',
    after: '',
    ...more,
  };
}

/** What a change comes to, by the scene: `conflict`, `protected`, `broken`, else what is all well. */
export function change(scene: string, request: ChangeObjects): ChangeReport {
  if (scene === 'broken' || /^\s*:/m.test(request.manifests)) {
    return {
      intent: request.intent,
      outcome: 'blocked',
      obstacles: [
        {
          kind: 'manifest',
          sentence: {
            code: 'manifest_unreadable',
            values: { line: { number: 5 }, message: { text: 'did not find expected key' } },
          },
          details: [],
          line: 5,
        },
      ],
      consequences: [],
      steps: [],
    };
  }
  const chosen = request.choices[0]?.choice;
  const conflicts =
    scene === 'conflict'
      ? [
          {
            path: '.spec.replicas',
            manager: 'argocd-controller',
            message: 'conflict with "argocd-controller" using apps/v1',
            theirs: '4',
            ours: '8',
            is_secret: false,
            ...(chosen === undefined ? {} : { choice: chosen }),
          },
        ]
      : [];
  const isOpen = conflicts.length > 0 && chosen === undefined;
  const isLocked = scene === 'protected';
  return {
    intent: request.intent,
    outcome: isOpen || isLocked ? 'blocked' : request.intent === 'apply' ? 'applied' : 'ready',
    obstacles: isLocked
      ? [
          {
            kind: 'protected',
            sentence: phrase('{context} is protected', '{context} 受保护', { context: 'prod-fra' }),
            details: [],
          },
        ]
      : [],
    consequences: [
      phrase('{count} pods are restarted, a few at a time', '{count} 个 Pod 将分批重启', {
        count: 4,
      }),
    ],
    steps: [
      step('Deployment.apps', request, {
        conflicts,
        fields: [
          {
            path: '.spec.template.spec.containers[name="server"].image',
            before: '"vllm/vllm-openai:v0.23.1"',
            after: '"vllm/vllm-openai:v0.24.0"',
            is_secret: false,
          },
          {
            path: '.spec.template.spec.containers[name="server"].args[3]',
            before: '"16384"',
            after: '"32768"',
            is_secret: false,
          },
          {
            path: '.spec.template.spec.containers[name="server"].env[name="VLLM_USE_V1"]',
            before: '{"name":"VLLM_USE_V1","value":"0"}',
            is_secret: false,
          },
          { path: '.metadata.annotations.strata.dev/recipe', after: '"vllm"', is_secret: false },
          {
            path: '.spec.template.spec.containers[name="server"].env[name="API_KEY"].value',
            is_secret: true,
          },
        ],
        warnings: ['spec.template.spec.containers[0].resources: a GPU without a limit of memory'],
      }),
      step('Service', request, {
        action: 'create',
        after:
          'apiVersion: v1\nkind: Service\nmetadata:\n  name: llama-3-70b\nspec:\n  ports:\n    - port: 8000\n',
      }),
      step('ConfigMap', request, { action: 'unchanged' }),
    ],
  };
}

/** The same, of a recipe. */
export function deploy(scene: string, { recipe, choices, intent }: DeployRecipe): ChangeReport {
  return change(scene, {
    cluster: recipe.cluster ?? '',
    namespace: recipe.namespace,
    manifests: '',
    choices,
    intent,
  });
}
