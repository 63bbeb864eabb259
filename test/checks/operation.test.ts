/** Monitors, autoscalers, disruption budgets and policies: each failure beside the change that breaks nothing. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { editDocument, find, findingsIn, foreign, type Manifest, planted } from './support.ts';

const STREAMS = ['production', 'sound.yaml', 'sound-contour.yaml'] as const;

const labelsOf = (manifests: Manifest[], name: string) =>
  find(manifests, 'Deployment', name).spec.template.metadata.labels;
const add =
  (kind: string, apiVersion: string, name: string, specOf: (manifests: Manifest[]) => unknown) =>
  (manifests: Manifest[]) => {
    const { namespace } = find(manifests, 'Deployment', 'apiserver').metadata;
    const metadata = { name, ...(namespace ? { namespace } : {}) };
    manifests.push({ apiVersion, kind, metadata, spec: specOf(manifests) });
  };

const podMonitor = (port: string, change: (labels: Record<string, string>) => void = () => {}) =>
  add('PodMonitor', 'monitoring.coreos.com/v1', 'metrics', (manifests) => {
    const matchLabels = structuredClone(labelsOf(manifests, 'controllermgr'));
    change(matchLabels);
    return { selector: { matchLabels }, podMetricsEndpoints: [{ port }] };
  });
const withMetricsPort = (plant: (manifests: Manifest[]) => void) => (manifests: Manifest[]) => {
  const { ports } = find(manifests, 'Deployment', 'controllermgr').spec.template.spec.containers[0];
  if (!ports.some(({ name }: Manifest) => name === 'metrics'))
    ports.push({ name: 'metrics', containerPort: 8091 });
  plant(manifests);
};
const misspell = (labels: Record<string, string>) => {
  const key = 'app.kubernetes.io/name';
  labels[key] = String(labels[key]).replace('controller', 'contoller');
};

const MONITORS: readonly PlantedChange[] = [
  {
    name: 'a selector with a letter missing',
    code: 'monitor-finds-nothing',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: withMetricsPort(podMonitor('metrics', misspell)),
  },
  {
    name: 'a port of another name',
    code: 'monitor-finds-nothing',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: withMetricsPort(podMonitor('http-metrics')),
  },
  {
    name: 'the port of the health',
    code: 'monitor-finds-nothing',
    path: 'spec.podMetricsEndpoints',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: withMetricsPort(podMonitor('health')),
  },
  {
    name: 'the port of the metrics',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: withMetricsPort(podMonitor('metrics')),
  },
  {
    name: 'a monitor of a program of others',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: add('ServiceMonitor', 'monitoring.coreos.com/v1', 'ray', () => ({
      selector: { matchLabels: { 'ray.io/node-type': 'head' } },
      endpoints: [{ port: 'metrics' }],
    })),
  },
  {
    name: 'the namespace is left out',
    code: 'monitor-finds-nothing',
    in: ['sound-contour.yaml'],
    plant: withMetricsPort((manifests) => {
      podMonitor('metrics')(manifests);
      manifests.at(-1).spec.namespaceSelector = { matchNames: ['monitoring'] };
    }),
  },
  {
    name: 'the monitor is in the namespace of Prometheus',
    code: 'monitor-finds-nothing',
    in: ['sound-contour.yaml'],
    plant: withMetricsPort((manifests) => {
      podMonitor('metrics')(manifests);
      manifests.at(-1).metadata.namespace = 'monitoring';
    }),
  },
  {
    name: 'the monitor is there, and looks here',
    in: ['sound-contour.yaml'],
    plant: withMetricsPort((manifests) => {
      const { namespace } = find(manifests, 'Deployment', 'controllermgr').metadata;
      podMonitor('metrics')(manifests);
      manifests.at(-1).spec.namespaceSelector = { matchNames: [namespace] };
      manifests.at(-1).metadata.namespace = 'monitoring';
    }),
  },
  {
    name: 'another monitor is for a release elsewhere',
    in: ['sound-contour.yaml'],
    plant: withMetricsPort((manifests) => {
      podMonitor('metrics')(manifests);
      const elsewhere = structuredClone(manifests.at(-1));
      elsewhere.metadata.name = 'staging';
      elsewhere.spec.namespaceSelector = { matchNames: ['staging'] };
      manifests.push(elsewhere);
    }),
  },
  ...(
    [
      ['a path that answers 404', [{ port: 'metrics', path: '/stats' }]],
      ['TLS where there is none', [{ port: 'metrics', scheme: 'https' }]],
      ['no endpoint at all', undefined],
    ] as const
  ).map(
    ([name, endpoints]): PlantedChange => ({
      name,
      code: 'monitor-finds-nothing',
      in: ['sound.yaml'],
      plant: withMetricsPort((manifests) => {
        podMonitor('metrics')(manifests);
        manifests.at(-1).spec.podMetricsEndpoints = endpoints;
      }),
    }),
  ),
  ...(['8092', '8091'] as const).map(
    (port): PlantedChange => ({
      name: `the annotation names port ${port}`,
      ...(port === '8092'
        ? { code: 'monitor-finds-nothing' as const, severity: 'warning' as const }
        : {}),
      in: ['sound.yaml'],
      plant: (manifests) => {
        find(manifests, 'Deployment', 'controllermgr').spec.template.metadata.annotations = {
          ...{ 'checksum/config': '1' },
          ...{ 'prometheus.io/scrape': 'true', 'prometheus.io/port': port },
        };
      },
    }),
  ),
  {
    name: 'the metrics are shut off',
    code: 'policy-shuts-metrics',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: withMetricsPort((manifests) => {
      podMonitor('metrics')(manifests);
      add('NetworkPolicy', 'networking.k8s.io/v1', 'controllermgr', () => ({
        podSelector: { matchLabels: labelsOf(manifests, 'controllermgr') },
        policyTypes: ['Ingress'],
      }))(manifests);
    }),
  },
  {
    name: 'the metrics are let in from the namespace of Prometheus',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: withMetricsPort((manifests) => {
      podMonitor('metrics')(manifests);
      const matchLabels = { 'kubernetes.io/metadata.name': 'monitoring' };
      add('NetworkPolicy', 'networking.k8s.io/v1', 'controllermgr', () => ({
        podSelector: { matchLabels: labelsOf(manifests, 'controllermgr') },
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ namespaceSelector: { matchLabels } }], ports: [{ port: 'metrics' }] }],
      }))(manifests);
    }),
  },
];

const scaler = (spec: (name: string) => Record<string, unknown>) => (manifests: Manifest[]) => {
  const { name } = find(manifests, 'Deployment', 'envoy').metadata;
  add('HorizontalPodAutoscaler', 'autoscaling/v2', 'envoy', () => ({
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas: 2,
    maxReplicas: 5,
    ...spec(name),
  }))(manifests);
};
const CPU = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
};

const SCALERS: readonly PlantedChange[] = [
  { name: 'between two and five', in: STREAMS, plant: scaler(() => ({})) },
  {
    name: 'by a request that is made',
    in: ['production'],
    plant: scaler(() => ({ metrics: [CPU] })),
  },
  {
    name: 'by a request that is not made',
    code: 'autoscaler',
    severity: 'warning',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: scaler(() => ({ metrics: [CPU] })),
  },
  {
    name: 'at least more than at most',
    code: 'autoscaler',
    in: STREAMS,
    plant: scaler(() => ({ minReplicas: 6 })),
  },
  {
    name: 'a workload whose prefix is missing',
    code: 'autoscaler',
    in: STREAMS,
    plant: scaler((name) => ({
      scaleTargetRef: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: name.replace(/^\w+-/, ''),
      },
    })),
  },
];

const keda =
  (annotations: Manifest = {}) =>
  (manifests: Manifest[]) => {
    scaler(() => ({}))(manifests);
    const { scaleTargetRef } = manifests.at(-1).spec;
    add('ScaledObject', 'keda.sh/v1alpha1', 'envoy', () => ({
      scaleTargetRef: { name: scaleTargetRef.name },
    }))(manifests);
    Object.assign(manifests.at(-1).metadata, { annotations });
  };
const MORE_SCALERS: readonly PlantedChange[] = [
  { name: "KEDA's beside it", code: 'autoscaler', in: ['sound.yaml'], plant: keda() },
  {
    name: "KEDA's that takes it over",
    in: ['sound.yaml'],
    plant: keda({ 'scaledobject.keda.sh/transfer-hpa-ownership': 'true' }),
  },
  {
    name: 'a number of replicas that it never has',
    code: 'autoscaler',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: (manifests) => {
      scaler(() => ({}))(manifests);
      find(manifests, 'Deployment', 'envoy').spec.replicas = 1;
    },
  },
  {
    name: 'for a workload of other manifests, in their namespace',
    in: ['sound-contour.yaml'],
    plant: (manifests) => {
      scaler(() => ({ scaleTargetRef: { kind: 'Deployment', name: 'x' } }))(manifests);
      manifests.at(-1).metadata.namespace = 'tools';
    },
  },
];

const budget =
  (spec: Record<string, unknown>, name = 'envoy') =>
  (manifests: Manifest[]) => {
    const own = manifests.findIndex(
      ({ kind, metadata }) => kind === 'PodDisruptionBudget' && metadata.name.endsWith(name),
    );
    if (own >= 0) manifests.splice(own, 1);
    add('PodDisruptionBudget', 'policy/v1', name, () => ({
      selector: { matchLabels: labelsOf(manifests, name) },
      ...spec,
    }))(manifests);
  };

const BUDGETS: readonly PlantedChange[] = [
  { name: 'one may go', in: STREAMS, plant: budget({ maxUnavailable: 1 }) },
  {
    name: 'none may go',
    code: 'disruption-budget',
    in: STREAMS,
    plant: budget({ maxUnavailable: 0 }),
  },
  {
    name: 'all have to stay',
    code: 'disruption-budget',
    in: STREAMS,
    plant: budget({ minAvailable: '100%' }),
  },
  {
    name: 'as many have to stay as there are',
    code: 'disruption-budget',
    in: ['production', 'sound.yaml'],
    plant: budget({ minAvailable: 2 }, 'apiserver'),
  },
  {
    name: 'pods with two',
    code: 'disruption-budget',
    in: ['production', 'sound.yaml'],
    plant: (manifests) => {
      const add = (name: string) =>
        manifests.push({
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: {
            name,
            namespace: find(manifests, 'Deployment', 'apiserver').metadata.namespace,
          },
          spec: { maxUnavailable: 1, selector: { matchLabels: labelsOf(manifests, 'apiserver') } },
        });
      for (const name of ['one', 'other']) add(name);
    },
  },
  {
    name: 'one of two has to stay',
    in: ['production', 'sound.yaml'],
    plant: budget({ minAvailable: '50%' }, 'apiserver'),
  },
  {
    name: 'a label with a letter missing',
    code: 'disruption-budget',
    in: STREAMS,
    plant: (manifests) => {
      const labels = structuredClone(labelsOf(manifests, 'envoy'));
      labels['app.kubernetes.io/name'] = labels['app.kubernetes.io/name'].replace('envoy', 'envo');
      budget({ maxUnavailable: 1, selector: { matchLabels: labels } })(manifests);
    },
  },
  {
    name: 'of a program in other manifests',
    in: STREAMS,
    plant: add('PodDisruptionBudget', 'policy/v1', 'mysql', () => ({
      maxUnavailable: 1,
      selector: { matchLabels: { app: 'mysql' } },
    })),
  },
];

const policy = (matchLabels: (manifests: Manifest[]) => Record<string, string>) =>
  add('NetworkPolicy', 'networking.k8s.io/v1', 'extra', (manifests) => ({
    podSelector: { matchLabels: matchLabels(manifests) },
    policyTypes: ['Ingress'],
    ingress: [{}],
  }));

const POLICIES: readonly PlantedChange[] = [
  {
    name: 'a label under the key of another convention',
    code: 'policy-selects-nothing',
    in: STREAMS,
    plant: policy((manifests) => ({ app: labelsOf(manifests, 'envoy')['app.kubernetes.io/name'] })),
  },
  {
    name: 'the labels of the pods',
    in: STREAMS,
    plant: policy((manifests) => labelsOf(manifests, 'envoy')),
  },
  {
    name: 'a program whose name begins like one of ours',
    in: STREAMS,
    plant: policy((manifests) => {
      const labels = structuredClone(labelsOf(manifests, 'envoy'));
      labels['app.kubernetes.io/name'] += '-docs';
      return labels;
    }),
  },
  {
    name: 'pods that others make',
    in: STREAMS,
    plant: policy(() => ({ 'acme.cert-manager.io/http01-solver': 'true' })),
  },
];

const issuer =
  (solver: unknown, name = 'letsencrypt-prod') =>
  (manifests: Manifest[]) => {
    manifests.push({
      apiVersion: 'cert-manager.io/v1',
      kind: 'ClusterIssuer',
      metadata: { name },
      spec: {
        acme: {
          server: 'https://acme-v02.api.letsencrypt.org/directory',
          email: 'platform@acme.io',
          privateKeySecretRef: { name: 'letsencrypt-prod' },
          solvers: [solver],
        },
      },
    });
  };
const HTTP01 = { http01: { ingress: { ingressClassName: 'nginx-public' } } };
const DNS01 = { dns01: { route53: { region: 'eu-west-1' } } };
const range = { from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] };
/** Every pod is shut, and the ports of ours are open: not the solver's. */
const shutAll = add('NetworkPolicy', 'networking.k8s.io/v1', 'default', () => ({
  podSelector: {},
  policyTypes: ['Ingress'],
  ingress: [{ ...range, ports: [15566, 9901, 80, 8083].map((port) => ({ port })) }],
}));

const SOLVERS: readonly PlantedChange[] = [
  {
    name: 'every pod is shut, the solver with them',
    code: 'policy-shuts-solver',
    in: ['sound.yaml'],
    plant: (manifests) => {
      issuer(HTTP01)(manifests);
      shutAll(manifests);
    },
  },
  {
    name: 'DNS-01 needs no way in',
    in: ['sound.yaml'],
    plant: (manifests) => {
      issuer(DNS01)(manifests);
      shutAll(manifests);
    },
  },
  {
    name: 'the solver is let in',
    in: ['sound.yaml'],
    plant: (manifests) => {
      issuer(HTTP01)(manifests);
      shutAll(manifests);
      add('NetworkPolicy', 'networking.k8s.io/v1', 'solver', () => ({
        podSelector: { matchLabels: { 'acme.cert-manager.io/http01-solver': 'true' } },
        ingress: [{ ports: [{ port: 8089 }] }],
      }))(manifests);
    },
  },
];

const httpsRoute = (match: Record<string, unknown>) => (manifests: Manifest[]) =>
  editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
    const { typed_config: manager } =
      root.static_resources.listeners[0].filter_chains[0].filters[0];
    const { routes } = manager.route_config.virtual_hosts[0];
    routes.splice(-1, 0, {
      match: { prefix: '/docs', ...match },
      redirect: { https_redirect: true },
    });
  });
const redirectTo = (url: string) => (manifests: Manifest[]) => {
  const page = manifests.find(
    ({ kind, metadata }) => kind === 'Ingress' && metadata.name === 'prod-ma-web',
  );
  const www = structuredClone(page);
  www.metadata.name = 'www';
  www.metadata.annotations['nginx.ingress.kubernetes.io/permanent-redirect'] = url;
  www.spec.tls[0] = { hosts: ['www.ml.acme.io'], secretName: 'www-tls' };
  www.spec.rules[0].host = 'www.ml.acme.io';
  manifests.push(www);
};

const REDIRECTS: readonly PlantedChange[] = [
  {
    name: 'Envoy redirects to HTTPS behind an entry that ends TLS',
    code: 'redirect-loop',
    in: STREAMS,
    plant: httpsRoute({}),
  },
  {
    name: 'Envoy asks for x-forwarded-proto first',
    in: STREAMS,
    plant: httpsRoute({
      headers: [{ name: 'x-forwarded-proto', string_match: { exact: 'http' } }],
    }),
  },
  {
    name: 'an Ingress redirects to its own host',
    code: 'redirect-loop',
    in: ['sound.yaml'],
    plant: redirectTo('https://www.ml.acme.io'),
  },
  {
    name: 'an Ingress redirects to another host',
    in: ['sound.yaml'],
    plant: redirectTo('https://studio.ml.acme.io'),
  },
  {
    name: 'the redirect of a Gateway is attached to every listener',
    code: 'redirect-loop',
    in: ['sound-gateway.yaml'],
    plant: (manifests) => {
      const [route] = manifests.filter(({ kind }) => kind === 'HTTPRoute');
      const { name, namespace } = route.spec.parentRefs[0];
      manifests.push({
        ...structuredClone(route),
        metadata: { ...route.metadata, name: 'to-https' },
        spec: {
          hostnames: route.spec.hostnames,
          parentRefs: [namespace ? { name, namespace } : { name }],
          rules: [
            {
              filters: [
                { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } },
              ],
            },
          ],
        },
      });
    },
  },
];

const image = (text: string) => (manifests: Manifest[]) => {
  find(manifests, 'Deployment', 'worker').spec.template.spec.containers[0].image = text;
};

/** An image that moves, and a certificate of the issuer. */
const imageBeside = (name: string) => (manifests: Manifest[]) => {
  image('ghcr.io/michelangelo-ai/worker:main')(manifests);
  issuer(DNS01, name)(manifests);
  add('Certificate', 'cert-manager.io/v1', 'wildcard', () => ({
    secretName: 'wildcard-models-tls',
    dnsNames: ['*.models.example.org'],
    issuerRef: { name, kind: 'ClusterIssuer' },
    privateKey: { rotationPolicy: 'Always' },
  }))(manifests);
};
const labelled = (environment: string) => (manifests: Manifest[]) => {
  image('ghcr.io/michelangelo-ai/worker:main')(manifests);
  const { namespace: name } = find(manifests, 'Deployment', 'worker').metadata;
  const labels = { environment };
  manifests.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
};

const PROGRAMS: readonly PlantedChange[] = [
  {
    name: 'an image without a tag, from a registry with a port',
    code: 'image-not-fixed',
    severity: 'warning',
    in: ['production', 'sound.yaml'],
    plant: image('registry.acme.io:5000/michelangelo/worker'),
  },
  {
    name: 'what the last commit made',
    code: 'image-not-fixed',
    severity: 'warning',
    in: ['production', 'sound.yaml'],
    plant: image('ghcr.io/michelangelo-ai/worker:main'),
  },
  {
    name: 'what the last commit made, where only an issuer says production',
    code: 'image-not-fixed',
    severity: 'warning',
    in: ['sound-contour.yaml'],
    plant: imageBeside('models-production'),
  },
  {
    name: 'an issuer that is called after the server of its authority',
    in: ['sound-contour.yaml'],
    plant: imageBeside('letsencrypt-prod'),
  },
  {
    name: 'what the last commit made, where the label of the namespace says production',
    code: 'image-not-fixed',
    severity: 'warning',
    in: ['sound-contour.yaml'],
    plant: labelled('production'),
  },
  {
    name: 'the label of the namespace says that it is not production',
    in: ['sound-contour.yaml'],
    plant: labelled('non-prod'),
  },
  {
    name: 'an environment that says nothing of production',
    in: ['staging', 'sound-contour.yaml'],
    plant: image('ghcr.io/michelangelo-ai/worker:main'),
  },
  {
    name: 'a digest',
    in: ['production', 'sound.yaml'],
    plant: image(`ghcr.io/michelangelo-ai/worker@sha256:${'0'.repeat(64)}`),
  },
  {
    name: 'no pod of Envoy',
    code: 'no-replicas',
    in: STREAMS,
    plant: (manifests) => {
      find(manifests, 'Deployment', 'envoy').spec.replicas = 0;
    },
  },
  {
    name: 'one pod of each',
    in: ['sound.yaml'],
    plant: (manifests) => {
      for (const { kind, spec } of manifests) if (kind === 'Deployment') spec.replicas = 1;
    },
  },
  {
    name: 'two ConfigMaps of one name that differ',
    code: 'resource-twice',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: (manifests) => {
      const copy = structuredClone(find(manifests, 'ConfigMap', 'worker'));
      copy.metadata.labels = { edited: 'yes' };
      manifests.push(copy);
    },
  },
];

const alertOn = (nameOf: (name: string) => string) => (manifests: Manifest[]) => {
  const { name } = find(manifests, 'Deployment', 'controllermgr').metadata;
  add('PrometheusRule', 'monitoring.coreos.com/v1', 'more-alerts', () => ({
    groups: [
      {
        name: 'more',
        rules: [
          {
            alert: 'ControllerManagerUnavailable',
            expr: `kube_deployment_status_replicas_available{deployment="${nameOf(name)}"} == 0`,
          },
        ],
      },
    ],
  }))(manifests);
};

const ALERTS: readonly PlantedChange[] = [
  {
    name: 'a Deployment whose prefix is missing',
    code: 'alert-finds-nothing',
    severity: 'warning',
    in: STREAMS,
    plant: alertOn((name) => name.replace(/^\w+-/, '')),
  },
  { name: 'a Deployment by its name', in: STREAMS, plant: alertOn((name) => name) },
  { name: 'a program of others', in: STREAMS, plant: alertOn(() => 'kuberay-operator') },
];

const expression = (text: string) => (manifests: Manifest[]) => {
  alertOn((name) => name)(manifests);
  manifests.at(-1).spec.groups[0].rules[0].expr = text;
};
const EXPRESSIONS: readonly PlantedChange[] = [
  ...[
    'absent(up{job="a"} == 1',
    'up{job="a") == 0',
    'sum(up)) > 0',
    'up{job="a} == 0',
    ' # nothing',
  ].map(
    (text): PlantedChange => ({
      name: `the expression ${text}`,
      code: 'alert-finds-nothing',
      in: ['sound.yaml'],
      plant: expression(text),
    }),
  ),
  {
    name: 'a time without a unit',
    code: 'alert-finds-nothing',
    in: ['sound.yaml'],
    plant: (manifests) => {
      alertOn((name) => name)(manifests);
      manifests.at(-1).spec.groups[0].rules[0].for = '5';
    },
  },
  ...(
    [
      ['30', undefined, true],
      ['10s', '30s', true],
      ['1m', '59s', false],
      ['1m30s', undefined, false],
    ] as const
  ).map(
    ([interval, scrapeTimeout, isWrong]): PlantedChange => ({
      name: `every ${interval}, for ${scrapeTimeout}`,
      in: ['production'],
      plant: (manifests) => {
        const [endpoint] = find(manifests, 'PodMonitor').spec.podMetricsEndpoints;
        Object.assign(endpoint, { interval, scrapeTimeout });
      },
      ...(isWrong ? { code: 'monitor-finds-nothing' } : {}),
    }),
  ),
  {
    name: 'brackets in strings and comments',
    in: ['sound.yaml'],
    plant: expression('sum(up{path=~"/(a|[b]", name=\'"}\', x=`\\`}) # (\n == 0'),
  },
  ...(
    [
      ['its name alone', 'michelangelo-envoy-metrics', true],
      ['the name of the pods', 'michelangelo-envoy', true],
      ['the namespace of others', 'others/michelangelo-envoy-metrics', true],
      ['its namespace and its name', 'michelangelo/michelangelo-envoy-metrics', false],
      ['what others scrape', 'kubernetes-pods', false],
    ] as const
  ).map(
    ([name, job, isWrong]): PlantedChange => ({
      name: `the job of a PodMonitor: ${name}`,
      in: ['production'],
      plant: expression(`up{job="${job}"} == 0`),
      ...(isWrong ? { code: 'alert-finds-nothing', severity: 'warning' } : {}),
    }),
  ),
];

await plantEach([
  ...ALERTS,
  ...EXPRESSIONS,
  ...SOLVERS,
  ...REDIRECTS,
  ...PROGRAMS,
  ...MONITORS,
  ...SCALERS,
  ...MORE_SCALERS,
  ...BUDGETS,
  ...POLICIES,
]);

test('a policy for the solver alone is not said to shut every pod', () => {
  const stream = planted(foreign(), (manifests) => {
    issuer(HTTP01)(manifests);
    add('NetworkPolicy', 'networking.k8s.io/v1', 'solver', () => ({
      podSelector: { matchLabels: { 'acme.cert-manager.io/http01-solver': 'true' } },
      ingress: [{ ports: [{ port: 8090 }] }],
    }))(manifests);
  });
  const found = findingsIn(stream).find(({ code }) => code === 'policy-shuts-solver');
  assert.match(found?.message ?? '', /^it shuts the solver of /);
});

test.run();
