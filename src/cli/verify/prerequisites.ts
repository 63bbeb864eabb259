/** What has to be in the cluster before the manifests can work: classes, kinds, Secrets, versions. */

import { classAskedBy } from '../../checks/shared/class-names.ts';
import { secretUses } from '../../checks/shared/secret-uses.ts';
import { CONTROLLERS } from '../../controllers/index.ts';
import { plural } from '../../errors.ts';
import { CERT_MANAGER_NAMESPACE } from '../../manifests/cert-manager.ts';
import { CLUSTER_SECRETS_NAMESPACE, connectionOf } from '../../manifests/cluster.ts';
import { groupOf } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { parentsOf } from '../../manifests/route.ts';
import { remembered } from '../../maps.ts';
import { certificatesFor, isAnnotated } from '../../surface/issuers.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, type JsonObject, list, stringAt } from '../../yaml/json.ts';
import { getWords, type Kubectl } from './kubectl.ts';
import { type Answer, failed, ok, type Probe, type Step } from './line.ts';
import { versionLines } from './version-lines.ts';

const GROUP = 'cluster';

/** The items of the guide's list: the controller, certificates. */
const CONTROLLER = 1;
const CERTIFICATES = 4;

/** @param cluster - the line that says whether the cluster is reached at all */
export function prerequisiteLines(surface: Surface, kubectl: Kubectl, cluster: Probe): Probe[] {
  const line = (
    tried: string,
    words: readonly string[],
    items: readonly number[],
    judge: (found: JsonObject | undefined) => Answer,
  ): Probe => ({
    group: GROUP,
    tried,
    command: kubectl.command(words),
    items,
    after: [cluster],
    run: async (step: Step) => judge(await kubectl.get(words, step)),
  });
  return [
    ...classesOf(surface).map(({ kind, name }) =>
      line(`${kind} ${name}`, getWords(kind, name), [CONTROLLER], (found) =>
        kind === 'GatewayClass' ? judgeGatewayClass(found) : judgeIngressClass(found, surface),
      ),
    ),
    ...gatewaysOf(surface).map(({ name, namespace }) =>
      line(
        `Gateway ${namespace ? `${namespace}/` : ''}${name}`,
        getWords('gateway', name, namespace),
        [CONTROLLER],
        judgeGateway,
      ),
    ),
    ...kindsOf(surface).map(({ apiVersion, kinds }) =>
      line(
        `kinds of ${apiVersion}`,
        ['get', '--raw', `/apis/${apiVersion}`],
        apiVersion.startsWith('cert-manager.io/') ? [CERTIFICATES] : [],
        (found) => judgeKinds(found, kinds),
      ),
    ),
    ...versionLines(surface, kubectl, cluster),
    ...secretsOf(surface).map(({ name, namespace, keys }) =>
      line(
        `Secret ${namespace}/${name}`,
        [...getWords('secret', name, namespace).slice(0, -1), KEYS_ONLY],
        keys.includes('tls.crt') ? [CERTIFICATES] : [],
        (found) => judgeSecret(found, keys),
      ),
    ),
  ];
}

/** Names of keys: no value leaves the cluster's API for the screen. */
const KEYS_ONLY = 'go-template={"keys":"{{range $key, $value := .data}}{{$key}} {{end}}"}';

function classesOf(surface: Surface) {
  const resources = ourEntries(surface).flatMap(({ resource, listeners }) => [
    resource,
    ...listeners.map(({ gateway }) => gateway),
  ]);
  const asked = resources.flatMap((resource) => classAskedBy(resource) ?? []);
  return unique(asked, ({ kind, name }) => `${kind} ${name}`);
}

function ourEntries(surface: Surface) {
  return surface.entries.filter(({ roles }) => roles.size > 0);
}

function gatewaysOf(surface: Surface): { name: string; namespace: string }[] {
  const routes = ourEntries(surface).flatMap(({ form, resource }) =>
    form === 'route' ? [resource] : [],
  );
  const parents = routes.flatMap((route) =>
    parentsOf(route)
      .filter((parent) => (parent['kind'] ?? 'Gateway') === 'Gateway')
      .map((parent) => ({
        name: asText(parent['name']),
        namespace: asText(parent['namespace'] ?? route.namespace),
      })),
  );
  return unique(parents, ({ name, namespace }) => `${namespace}/${name}`);
}

/** Kinds that are no part of Kubernetes itself; with those that an annotation asks for. */
function kindsOf({ manifests }: Surface): { apiVersion: string; kinds: string[] }[] {
  const found = new Map<string, Set<string>>();
  const add = (apiVersion: string, kind: string) =>
    remembered(found, apiVersion, () => new Set()).add(kind);
  for (const resource of manifests.all) {
    const group = groupOf(resource);
    const isBuiltIn = !group.includes('.') || /^(?!gateway\.).*\.k8s\.io$/.test(group);
    if (!isBuiltIn && isApplied(resource)) add(asText(resource.json['apiVersion']), resource.kind);
    if (['Ingress', 'Gateway'].includes(resource.kind) && isAnnotated(resource))
      add('cert-manager.io/v1', 'Certificate');
  }
  return [...found].sort().map(([apiVersion, kinds]) => ({ apiVersion, kinds: [...kinds].sort() }));
}

/** Objects for kustomize or this function are not sent to a cluster. */
function isApplied({ annotations }: Resource): boolean {
  return annotations['config.kubernetes.io/local-config'] !== 'true';
}

interface NeededSecret {
  name: string;
  namespace: string;
  keys: string[];
}

/** Secrets that people make: the CA's, those of compute clusters, and those with certificates that cert-manager is not asked for. */
function secretsOf(surface: Surface): NeededSecret[] {
  const { settings, manifests } = surface;
  const keys = ['tls.crt', 'tls.key'];
  const authorities = manifests.ofKind('ClusterIssuer', 'Issuer').flatMap((issuer) => {
    const name = stringAt(issuer.json, ['spec', 'ca', 'secretName']);
    const namespace = issuer.kind === 'Issuer' ? issuer.namespace : CERT_MANAGER_NAMESPACE;
    return name === '' ? [] : [{ name, namespace, keys }];
  });
  const others = [...authorities, ...secretsOfClusters(surface)];
  if (settings?.tlsMode === 'external' || settings?.tlsMode === 'none') return merged(others);
  const ours = new Set<Resource>(
    ourEntries(surface).flatMap(({ resource, listeners }) => [
      resource,
      ...listeners.map(({ gateway }) => gateway),
    ]),
  );
  const made = secretUses(surface).filter(
    ({ resource, secretName, namespace }) =>
      ours.has(resource) &&
      secretName !== '' &&
      !isAnnotated(resource) &&
      certificatesFor(secretName, namespace, surface).length === 0 &&
      !manifests.named('Secret', secretName, namespace),
  );
  const served = made.map(({ secretName, namespace }) => ({ name: secretName, namespace, keys }));
  return merged([...others, ...served]);
}

/** Each Secret once, with every key that somebody needs of it. */
function merged(secrets: readonly NeededSecret[]): NeededSecret[] {
  const all = new Map<string, NeededSecret>();
  for (const one of secrets) {
    const id = `${one.namespace}/${one.name}`;
    all.set(id, { ...one, keys: [...new Set([...(all.get(id)?.keys ?? []), ...one.keys])] });
  }
  return [...all.values()];
}

/** What the controller manager reads to get into each compute cluster. */
function secretsOfClusters({ manifests }: Surface) {
  return manifests
    .ofKind('Cluster')
    .filter((cluster) => groupOf(cluster) === 'michelangelo.api')
    .flatMap((cluster) => {
      const { tokenTag, caDataTag } = connectionOf(cluster);
      const namespace = CLUSTER_SECRETS_NAMESPACE;
      return [
        { name: tokenTag, namespace, keys: ['token'] },
        { name: caDataTag, namespace, keys: ['cadata'] },
      ].filter(({ name }) => name !== '');
    });
}

function judgeIngressClass(found: JsonObject | undefined, { settings }: Surface): Answer {
  if (!found)
    return failed(
      'there is none',
      'no controller takes up the Ingresses: install one, or name its class in entry.ingress.className',
    );
  const served = stringAt(found, ['spec', 'controller']);
  const wanted = settings?.entries.api.ingress?.value.controller;
  const known = wanted && CONTROLLERS[wanted].classController;
  if (known && !served.startsWith(known))
    return failed(
      `served by ${served}`,
      `the config says ${wanted} (${known}), whose annotations another controller does not read`,
    );
  return ok(`served by ${served}`, 'whether the controller runs, the lines of its hosts say');
}

function judgeGatewayClass(found: JsonObject | undefined): Answer {
  if (!found)
    return failed(
      'there is none',
      'no controller takes up the Gateways: install one, or name its class in entry.gateway.className',
    );
  const controller = stringAt(found, ['spec', 'controllerName']);
  return judgeCondition(
    found,
    'Accepted',
    `${controller} takes up its Gateways`,
    `${controller} did not accept it: the controller is not installed, or its parameters are wrong`,
  );
}

function judgeGateway(found: JsonObject | undefined): Answer {
  if (!found)
    return failed('there is none', 'it is not applied yet, or has another name or namespace');
  return judgeCondition(
    found,
    'Programmed',
    'its listeners are served',
    'the controller has not set it up: see kubectl describe gateway',
  );
}

function judgeCondition(found: JsonObject, type: string, good: string, bad: string): Answer {
  const condition = list(getIn(found, ['status', 'conditions'])).find(
    (one) => one['type'] === type,
  );
  const status = asText(condition?.['status'] ?? 'not said');
  const reason = stringAt(condition, ['reason']);
  const came = `${type}: ${status}${reason && status !== 'True' ? ` (${reason})` : ''}`;
  return status === 'True' ? ok(came, good) : failed(came, bad);
}

function judgeKinds(found: JsonObject | undefined, kinds: readonly string[]): Answer {
  if (!found)
    return failed(
      'the cluster does not know it',
      `install what brings it: ${kinds.join(', ')} of these manifests would be refused`,
    );
  const served = list(found['resources']).map(({ kind }) => asText(kind));
  const missing = kinds.filter((kind) => !served.includes(kind));
  return missing.length > 0
    ? failed(`without ${missing.join(', ')}`, 'a newer version of what brings it is needed')
    : ok(
        kinds.join(', '),
        `the cluster knows ${plural(kinds.length, 'kind')} that these manifests have`,
      );
}

function judgeSecret(found: JsonObject | undefined, keys: readonly string[]): Answer {
  const how = `kubectl create secret ${keys.includes('tls.crt') ? 'tls' : 'generic'}`;
  if (!found) return failed('there is none', `make it, with ${keys.join(' and ')}: ${how}`);
  const has = stringAt(found, ['keys']).split(' ').filter(Boolean);
  const missing = keys.filter((key) => !has.includes(key));
  return missing.length > 0
    ? failed(`without ${missing.join(' and ')}`, `make it anew, with ${keys.join(' and ')}: ${how}`)
    : ok(has.join(', '), 'it is there; what is in it is not looked at');
}

function unique<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
