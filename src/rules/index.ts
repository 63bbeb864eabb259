/**
 * Every rule, in the order in which they are applied. Where a rule reads what another one writes, the reason stands beside it, and
 * `test/rules/order.test.ts` has a test; all others could change places: only the order of new keys and of added resources would follow.
 */

import type { Settings } from '../config/settings.ts';
import { alerts } from './alerts/alerts.ts';
import { certificates } from './certificates.ts';
import { computeAccount } from './compute-account.ts';
import { computeApiPolicy } from './compute-api-policy.ts';
import { computeClusters } from './compute-clusters.ts';
import { entryLosses } from './entry-losses.ts';
import { entryMarks } from './entry-marks.ts';
import { envoyCors } from './envoy-cors.ts';
import { envoyDocument } from './envoy-document.ts';
import { envoyDomains } from './envoy-domains.ts';
import { envoyReencrypt } from './envoy-reencrypt.ts';
import { envoyTls } from './envoy-tls.ts';
import { envoyUpstream } from './envoy-upstream.ts';
import { gateway } from './gateway.ts';
import { ingress } from './ingress.ts';
import { issuer } from './issuer.ts';
import { links } from './links.ts';
import { networkPolicies } from './network-policies/network-policies.ts';
import { objectStore } from './object-store.ts';
import { page } from './page.ts';
import { routes } from './routes.ts';
import type { Rule } from './rule.ts';
import { sdkWithoutTls } from './sdk-without-tls.ts';
import { serviceNames } from './service-names.ts';
import { taskPods } from './task-pods.ts';
import { taskPodsNamespaces } from './task-pods-namespaces.ts';
import { taskPodsPolicy } from './task-pods-policy.ts';
import { taskPodsTrust } from './task-pods-trust.ts';
import { trust } from './trust.ts';
import { ui } from './ui.ts';
import { worker } from './worker.ts';
import { workflowEngine } from './workflow-engine.ts';

const CONTROL_PLANE: readonly Rule[] = [
  envoyDocument,
  // Before `ingress`, `routes`, `worker` and `ui`: it knows the hosts that the base has.
  envoyDomains,
  // Before `ingress` and `routes`: it judges the entries of the base.
  page,
  // Before `ingress`, `gateway`, `routes` and `ui`: of the origins that go it names those that are not the app's old ones.
  envoyCors,
  // Before `entryMarks`, which turns the entry into one of the new controller.
  entryLosses,
  // Before `entryMarks`: it looks at what the base's entry says of its backend.
  envoyReencrypt,
  // Before `worker`: the public host that it has today tells a cluster that leads there.
  envoyUpstream,
  // Before `issuer`: the solver names the class that the entry gets, which may be given as an annotation.
  entryMarks,
  ingress,
  // Before `routes`: it knows the listeners of routes that it replaces by the hosts that those have.
  gateway,
  routes,
  issuer,
  certificates,
  worker,
  trust,
  ui,
  // Before `workflowEngine`, `objectStore` and `taskPods`: what the config gives wins.
  serviceNames,
  envoyTls,
  workflowEngine,
  objectStore,
  taskPods,
  taskPodsTrust,
  links,
  computeClusters,
  // After `envoyTls`: metrics behind a listener that ends TLS from now on are not asked for.
  alerts,
  // Last: it opens the connections that the others have written.
  networkPolicies,
];

const COMPUTE: readonly Rule[] = [
  taskPods,
  // After `taskPods`, whose ConfigMap it copies.
  taskPodsNamespaces,
  computeAccount,
  computeApiPolicy,
  // After `taskPods`: it reads the port of the object store.
  taskPodsPolicy,
  sdkWithoutTls,
];

/** What a side of the config asks for. */
export const RULES: Readonly<Record<Settings['role'], readonly Rule[]>> = {
  'control-plane': CONTROL_PLANE,
  compute: COMPUTE,
};
