/** What grows in `bench/sizes.ts`: streams of any size, each made from the manifests of `production` as they come to the function. */

/** One kind of growth. */
export interface Growth {
  what: string;
  /** It is measured at this size and at twice that. */
  size: number;
  verb: 'function' | 'check' | 'report';
  /** @param base - the manifests of `production` */
  input: (count: number, base: string) => string;
}

const OLD_HOST = 'api.DOMAIN_NOT_SET';
const OLD_APP = 'app.DOMAIN_NOT_SET';

/** So many texts, each with its number. */
const each = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');

/** So many documents behind the base. */
const documents =
  (text: (index: number) => string): Growth['input'] =>
  (count, base) =>
    base + each(count, text);

/** One document behind the base, which is read because it names the old host. */
const oneDocument =
  (lines: (count: number) => string): Growth['input'] =>
  (count, base) =>
    base + configMap('large', `  api: ${OLD_HOST}\n${lines(count)}`);

/** One resource of a kind behind the base. */
const inResource =
  (kind: string, rest: (count: number) => string): Growth['input'] =>
  (count, base) =>
    `${base}---\napiVersion: example.com/v1\nkind: ${kind}\nmetadata:\n  name: many\n  namespace: michelangelo\n${rest(count)}`;

/** A rule, and a TLS block, for each host of an entry of Envoy. */
const hostsOfOne: Growth['input'] = (count, base) =>
  `${base}---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: many, namespace: michelangelo}
spec:
  ingressClassName: nginx
  tls:
${each(count, (index) => `  - {hosts: [h${index}.example.com], secretName: s${index}}\n`)}  rules:
${each(count, (index) => `  - {host: h${index}.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: michelangelo-envoy, port: {number: 8081}}}}]}}\n`)}`;

function configMap(name: string, data: string): string {
  return `---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: michelangelo\ndata:\n${data}`;
}

/** One in a hundred names the API server. */
function otherConfigMap(index: number): string {
  const text = index % 100 === 0 ? 'michelangelo-apiserver' : 'some line of a config';
  return configMap(`other-${index}`, `  text: |\n${`    ${text}\n`.repeat(200)}`);
}

const service = (name: string): string =>
  `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n  selector: {app: ${name}}\n  ports: [{name: http, port: 80}]\n`;

function deployment(name: string): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: michelangelo}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - name: app
        image: app
        env:
        - name: API
          value: https://${OLD_HOST}
        ports:
        - {name: http, containerPort: 8080}
`;
}

function workerDocument(index: number): string {
  return `  worker-${index}.yaml: |\n    worker:\n      address: ${OLD_HOST}:443\n      maApiServiceName: ma-apiserver\n      useTLS: true\n`;
}

/** The virtual host of Envoy's listener again and again, each with a domain of its own. */
function virtualHosts(count: number, base: string): string {
  const first = /^ +- name: app\n +domains: \["\*"\]\n[\s\S]*?(?=\n *\n +http_filters:)/m;
  return base.replace(first, (text) => {
    const copy = (index: number) =>
      `\n${text.replace('name: app\n', `name: app-${index}\n`).replace('"*"', `app-${index}.example.com`)}`;
    return text + each(count, copy);
  });
}

/** The last Ingress of the base again and again, each with a name of its own and the same hosts. */
function ingresses(count: number, base: string): string {
  const start = base.lastIndexOf('\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n') + 1;
  const ingress = base.slice(start);
  return base + each(count, (index) => ingress.replace(/^( {2}name: .*)$/m, `$1-${index}`));
}

/** Eight documents of another program, which refer to each other. */
function otherProgram(index: number): string {
  const name = `app-${index}`;
  const metadata = `metadata: {name: ${name}, namespace: team-${index % 7}}`;
  const host = `${name}.example.com`;
  return `---
apiVersion: apps/v1
kind: Deployment
${metadata}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers: [{name: app, image: app, ports: [{name: http, containerPort: 8080}]}]
      volumes: [{name: config, configMap: {name: ${name}}}]
---
apiVersion: v1
kind: Service
${metadata}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80, targetPort: http}]}
---
apiVersion: v1
kind: ConfigMap
${metadata}
data: {config.yaml: "worker: {address: '${host}:443'}"}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
${metadata}
spec:
  ingressClassName: contour
  tls: [{hosts: [${host}], secretName: ${name}}]
  rules:
    - host: ${host}
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: ${name}, port: {name: http}}}}]}
---
apiVersion: cert-manager.io/v1
kind: Certificate
${metadata}
spec: {secretName: ${name}, dnsNames: [${host}], issuerRef: {name: ca, kind: ClusterIssuer}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
${metadata}
spec: {podSelector: {matchLabels: {app: ${name}}}, ingress: [{ports: [{port: 8080}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
${metadata}
spec: {parentRefs: [{name: ${name}}], hostnames: [route-${index}.example.com], rules: [{backendRefs: [{name: ${name}, port: 80}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
${metadata}
spec: {gatewayClassName: contour, listeners: [{name: http, protocol: HTTP, port: 80, hostname: route-${index}.example.com}]}
`;
}

const programs: Growth['input'] = (count, base) => base + each(count / 8, otherProgram);

/** Sizes are those at which something once took minutes, or did not end. */
export const GROWTHS: readonly Growth[] = [
  {
    what: 'aliases of one anchor',
    size: 16_000,
    verb: 'function',
    input: oneDocument((count) => `list: &value {a: 1}\nmore:\n${'- *value\n'.repeat(count)}`),
  },
  {
    what: 'anchors with an alias each',
    size: 16_000,
    verb: 'function',
    input: oneDocument(
      (count) => `more:\n${each(count, (index) => `- &a${index} {a: 1}\n- *a${index}\n`)}`,
    ),
  },
  {
    what: 'syntax errors in one document',
    size: 16_000,
    verb: 'function',
    input: oneDocument((count) => `more:\n${'- ]\n'.repeat(count)}`),
  },
  {
    what: 'keys in one map',
    size: 100_000,
    verb: 'function',
    input: oneDocument((count) => each(count, (index) => `  key-${index}: value\n`)),
  },
  {
    what: 'worker documents in one ConfigMap',
    size: 10_000,
    verb: 'function',
    input: oneDocument((count) => each(count, workerDocument)),
  },
  { what: "Envoy's virtual hosts", size: 400, verb: 'function', input: virtualHosts },
  {
    what: 'ConfigMaps that change',
    size: 30_000,
    verb: 'function',
    input: documents((index) => configMap(`caller-${index}`, `  api: https://${OLD_HOST}\n`)),
  },
  {
    what: 'Deployments that change',
    size: 10_000,
    verb: 'function',
    input: documents((index) => deployment(`caller-${index}`)),
  },
  {
    what: 'Services of other programs',
    size: 100_000,
    verb: 'function',
    input: documents((index) => service(`app-${index}`)),
  },
  {
    what: 'ConfigMaps of 5 kB, of which one in a hundred matters (100 MB)',
    size: 19_000,
    verb: 'function',
    input: documents(otherConfigMap),
  },
  {
    what: 'annotations with an old host',
    size: 2000,
    verb: 'function',
    input: inResource(
      'Ingress',
      (count) =>
        `  annotations:\n${each(count, (index) => `    a${index}.example.com/host: ${OLD_HOST}\n`)}`,
    ),
  },
  {
    what: 'hosts and redirects of one resource',
    size: 1000,
    verb: 'function',
    input: inResource(
      'VirtualService',
      (count) =>
        `spec:\n  http:\n${`  - match: [{authority: {exact: ${OLD_HOST}}}]\n    redirect: {authority: ${OLD_APP}}\n`.repeat(count)}`,
    ),
  },
  {
    what: 'comments with an old host',
    size: 5000,
    verb: 'function',
    input: oneDocument((count) =>
      each(count, (index) => `  # ${index} was ${OLD_APP}\n  key-${index}: value\n`),
    ),
  },
  { what: 'hosts of one Ingress', size: 500, verb: 'check', input: hostsOfOne },
  { what: 'resources of other programs', size: 10_000, verb: 'check', input: programs },
  { what: 'copied Ingresses', size: 800, verb: 'check', input: ingresses },
  { what: 'resources of other programs', size: 3000, verb: 'report', input: programs },
];
