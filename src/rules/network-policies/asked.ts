/** What is said when the config leaves an end of a needed connection open, or names one that nothing needs. */
import type { Settings } from '../../config/settings.ts';
import type { Problem } from '../../errors.ts';
import type { Caller, Need } from '../../surface/need.ts';

const FIELD = 'spec.networkPolicies';

/** Who may call in. */
export type Source = Caller | 'acme';

/** Where to look for the addresses of what has an own way of being found. */
const HINTS: Readonly<Record<string, string>> = {
  'kubernetes-api':
    'add its addresses, before and behind its Service: `kubectl get service kubernetes -n default` and `kubectl get endpointslices -n default -l kubernetes.io/service-name=kubernetes` show both',
  'public-api':
    'add the addresses of the public entry; where its pods run in this cluster, their selectors and ports too: kube-proxy leads there without leaving the cluster',
  'cloud-identity':
    'add the address that hands out the keys: on AWS STS (443), the EKS Pod Identity agent (169.254.170.23, 80) or the metadata of the node (169.254.169.254, 80); or turn `useIam` off',
  'identity-provider':
    'add the addresses of the issuer, and of the host that its keys are read from where that is another',
  'inference-servers':
    'add the namespaces of the projects; the pods of inference servers listen on 8000',
};

const HINT =
  'add its addresses, or for pods in this cluster their selectors and the ports that they listen on';

const SOURCES: Readonly<Record<Source, { who: string; fix: string; example: string }>> = {
  entry: {
    who: 'the Ingress controller or the Gateway is',
    fix: "Add the namespace and labels of its pods; for a load balancer that sends to pods itself its subnets, for a controller on its host's network the addresses of the nodes:",
    example: 'ingress-nginx',
  },
  monitoring: {
    who: 'Prometheus is',
    fix: 'add the namespace and labels of its pods:',
    example: 'monitoring',
  },
  clients: {
    who: 'the task pods are, which `michelangelo-config` tells the Service of the API',
    fix: 'add the namespaces of the projects, or set `taskPods.apiAddress: public`:',
    example: 'project-a',
  },
  acme: {
    who: 'requests to the pods come from that answer ACME challenges',
    fix: 'add the Ingress controller, or the pods of the Gateway:',
    example: 'ingress-nginx',
  },
};

const inNamespace = (name: string) =>
  `namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${name} } }`;

/** One error for each target that `egress` has no entry for. */
export function missingTargets(needs: readonly Need[], settings: Settings): Problem[] {
  const words = [...new Set(needs.flatMap(({ outside }) => outside?.to ?? []))];
  return words.map((word) => {
    const own = needs.filter(({ outside }) => outside?.to === word);
    const ports = portsOf(own);
    const isInside = own.some(({ outside }) => outside?.namespace !== undefined);
    const isCluster = word.startsWith('compute-');
    const where = isInside ? inNamespace('NAMESPACE') : 'cidrs: [203.0.113.0/24]';
    const isPortNeeded = ports.length === 0 || isInside;
    return {
      code: 'network-peer-missing',
      severity: 'error',
      message: `\`${FIELD}.mode: restricted\` would shut off \`${word}\`: nothing says where it is`,
      resource: referenceOfConfig(settings),
      path: `${FIELD}.egress`,
      found: connections(own),
      expected: isCluster
        ? `\`cidrs\` of the cluster in \`spec.computeClusters\`, or an entry \`to: ${word}\``
        : `an entry \`to: ${word}\``,
      fix: isCluster ? 'add the addresses of its Kubernetes API:' : `${HINTS[word] ?? HINT}:`,
      example: [
        'networkPolicies:',
        '  egress:',
        `    - to: ${word}`,
        `      ${where}`,
        ...(isPortNeeded ? [`      ports: [${ports.length > 0 ? ports.join(', ') : 443}]`] : []),
      ].join('\n'),
    };
  });
}

/** An entry that does not say the port, where the config of the component does not either. */
export function missingPorts(needs: readonly Need[], index: number, settings: Settings): Problem {
  return {
    code: 'network-peer-missing',
    severity: 'error',
    message: 'nothing says on which ports this is reached',
    resource: referenceOfConfig(settings),
    path: `${FIELD}.egress[${index}].ports`,
    found: connections(needs),
    expected: 'the ports that the other side listens on',
    fix: 'add `ports`',
  };
}

/** One error for each kind of caller that `from` does not name. */
export function missingSource(source: Source, needs: readonly Need[], settings: Settings): Problem {
  const { who, fix, example } = SOURCES[source];
  const found = called(needs);
  return {
    code: 'network-peer-missing',
    severity: 'error',
    message: `\`${FIELD}.mode: restricted\` would let nobody in: nothing says where ${who}`,
    resource: referenceOfConfig(settings),
    path: `${FIELD}.from.${source}`,
    found: `${found.join(', ')} ${found.length === 1 ? 'waits' : 'wait'} for calls`,
    expected: `\`${FIELD}.from.${source}\``,
    fix,
    example: [
      'networkPolicies:',
      '  from:',
      `    ${source}:`,
      `      ${inNamespace(example)}`,
    ].join('\n'),
  };
}

/** Metrics that are served, and that nothing here reads: a Prometheus may be told of them elsewhere. */
export function shutMetrics(needs: readonly Need[], settings: Settings): Problem[] {
  if (needs.length === 0) return [];
  const isPortKnown = needs.some(({ ports }) => ports.length > 0);
  return [
    {
      code: 'network-metrics-shut',
      severity: 'warning',
      message: isPortKnown
        ? 'no Prometheus is let in to the metrics'
        : 'metrics are served on a port that nothing here tells: no Prometheus is let in',
      resource: referenceOfConfig(settings),
      path: `${FIELD}.from.monitoring`,
      found: `metrics of ${called(needs).join(', ')}`,
      expected: isPortKnown ? `\`${FIELD}.from.monitoring\`` : 'an address with a port',
      fix: isPortKnown
        ? 'name the namespace of Prometheus, or accept this where there is none'
        : 'write the port in the config of the component',
    },
  ];
}

/** A warning about a field of `networkPolicies` that nothing came of. `path` counts from there. */
export function unused(path: string, what: string, settings: Settings): Problem {
  return {
    code: 'network-peer-unused',
    severity: 'warning',
    message: what,
    resource: referenceOfConfig(settings),
    path: `${FIELD}.${path}`,
    fix: 'remove it, or correct what it is for',
  };
}

/** The DomainConfig itself, for problems that are to be mended in it. */
export function referenceOfConfig({ config, name }: Settings) {
  return { apiVersion: config.apiVersion, kind: config.kind, name };
}

/** `Deployment worker to the workflow engine (temporal) on TCP 7233`, each once. */
function connections(needs: readonly Need[]): string {
  const targets = [...new Set(needs.map(({ targetName }) => targetName))];
  const rows = targets.map((target) => {
    const own = needs.filter(({ targetName }) => targetName === target);
    const from = own.flatMap(({ source }) => (source ? `${source.kind} ${source.name}` : []));
    return `${[...new Set(from)].join(', ')} to ${target}${onPorts(own)}`;
  });
  return rows.join('; ');
}

/** `Deployment apiserver on TCP 15566`, each once. */
function called(needs: readonly Need[]): string[] {
  const names = [...new Set(needs.map(({ targetName }) => targetName))].sort();
  return names.map(
    (name) => `${name}${onPorts(needs.filter(({ targetName }) => targetName === name))}`,
  );
}

function onPorts(needs: readonly Need[]): string {
  const ports = portsOf(needs);
  return ports.length === 0 ? '' : ` on TCP ${ports.join(', ')}`;
}

function portsOf(needs: readonly Need[]): number[] {
  return [...new Set(needs.flatMap(({ ports }) => ports.map(({ number }) => number)))];
}
