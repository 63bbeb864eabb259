/**
 * What checks and the map cost for large streams, as ratios in one run: `npm run bench`. Twice the documents should take about twice the
 * time. Medians of processor time; nothing is asserted.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/build/paths.ts';
import { runChecks } from '../src/checks/index.ts';
import { splitDocuments } from '../src/protocol/documents.ts';
import { trafficMap } from '../src/report/map/build.ts';
import { surfaceOf } from '../src/surface/surface.ts';

const RUNS = 5;
const SIZES = [1200, 2400, 4800];
const ours = readFileSync(join(packageRoot, 'test/cases/controller-contour/expected.yaml'), 'utf8');

/** Eight documents of another program, which refer to each other. */
const otherProgram = (index: number) => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app-${index}, namespace: team-${index % 7}}
spec:
  selector: {matchLabels: {app: app-${index}}}
  template:
    metadata: {labels: {app: app-${index}}}
    spec:
      containers: [{name: app, image: app, ports: [{name: http, containerPort: 8080}]}]
      volumes: [{name: config, configMap: {name: app-${index}}}]
---
apiVersion: v1
kind: Service
metadata: {name: app-${index}, namespace: team-${index % 7}}
spec: {selector: {app: app-${index}}, ports: [{name: http, port: 80, targetPort: http}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: app-${index}, namespace: team-${index % 7}}
data: {config.yaml: "worker: {address: 'app-${index}.example.com:443'}"}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: app-${index}, namespace: team-${index % 7}}
spec:
  ingressClassName: contour
  tls: [{hosts: [app-${index}.example.com], secretName: app-${index}}]
  rules:
    - host: app-${index}.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: app-${index}, port: {name: http}}}}]}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: app-${index}, namespace: team-${index % 7}}
spec: {secretName: app-${index}, dnsNames: [app-${index}.example.com], issuerRef: {name: ca, kind: ClusterIssuer}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: app-${index}, namespace: team-${index % 7}}
spec: {podSelector: {matchLabels: {app: app-${index}}}, ingress: [{ports: [{port: 8080}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: app-${index}, namespace: team-${index % 7}}
spec: {parentRefs: [{name: app-${index}}], hostnames: [route-${index}.example.com], rules: [{backendRefs: [{name: app-${index}, port: 80}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: app-${index}, namespace: team-${index % 7}}
spec: {gatewayClassName: contour, listeners: [{name: http, protocol: HTTP, port: 80, hostname: route-${index}.example.com}]}
`;

/** Milliseconds of processor time: reading, searching and checking, drawing. */
function measure(documents: number): [read: number, check: number, map: number] {
  const others = Array.from({ length: documents / 8 }, (_, index) => otherProgram(index));
  const bytes = Buffer.from(`${ours.trimEnd()}\n${others.join('')}`);
  const marks = [process.cpuUsage().user];
  const surface = surfaceOf(splitDocuments(bytes));
  marks.push(process.cpuUsage().user);
  runChecks(surface);
  marks.push(process.cpuUsage().user);
  trafficMap(surface);
  marks.push(process.cpuUsage().user);
  const [start = 0, read = 0, checked = 0, drawn = 0] = marks.map((time) => time / 1000);
  return [read - start, checked - read, drawn - checked];
}

const median = (values: number[]) => values.sort((left, right) => left - right)[RUNS >> 1] ?? 0;

measure(SIZES[0] ?? 0);
const times = SIZES.map(() => [[], [], []] as [number[], number[], number[]]);
for (let run = 0; run < RUNS; run += 1)
  for (const [index, size] of SIZES.entries())
    for (const [part, time] of measure(size).entries()) times[index]?.[part]?.push(time);
let before = 0;
for (const [index, size] of SIZES.entries()) {
  const [read = 0, check = 0, map = 0] = (times[index] ?? []).map(median);
  const sum = read + check + map;
  const parts = `read ${read.toFixed(0)}, check ${check.toFixed(0)}, map ${map.toFixed(0)}`;
  const ratio = before > 0 ? `${(sum / before).toFixed(1)} ×` : '';
  console.log(
    `${`${size} documents`.padEnd(16)} ${sum.toFixed(0).padStart(6)} ms ${ratio.padStart(6)}   ${parts}`,
  );
  before = sum;
}
