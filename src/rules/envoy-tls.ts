/**
 * `tls.terminateAt: envoy` → TLS on Envoy's listener: transport socket, certificates through SDS, their Secrets in the pods, and the
 * probes and the Service port that now speak TLS.
 *
 * Source: Envoy's `extensions.transport_sockets.tls.v3` (DownstreamTlsContext, SdsSecretConfig, TlsCertificate.watched_directory) and
 * "Secret discovery service".
 */
import type { PublicHost } from '../config/settings.ts';
import type { Located } from '../envoy/bootstrap.ts';
import { chainOf } from '../envoy/listeners.ts';
import { numberOf } from '../envoy/proto-json.ts';
import type { Problem } from '../errors.ts';
import { Draft } from '../manifests/edit.ts';
import type { Resource } from '../manifests/resource.ts';
import { shortName } from '../manifests/short-name.ts';
import { namedPort } from '../manifests/workload.ts';
import { envoyApi } from '../surface/envoy-api.ts';
import { envoyListenerPorts, servingPorts } from '../surface/envoy-service.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { asNumber, asText, getIn, isObject, type JsonObject } from '../yaml/json.ts';
import { printYaml } from '../yaml/yaml.ts';
import { EnvoyDraft } from './envoy-draft.ts';
import { TLS_PACKAGE, writeSocket } from './envoy-socket.ts';
import { mountedFrom, notMounted, PodDraft } from './pod-draft.ts';
import { writeProtocol } from './port-protocol.ts';
import { replaced } from './replaced.ts';
import { documentPath, fromDrafts, NOTHING, type Rule } from './rule.ts';

const FIELD = 'spec.tls.terminateAt';

/** Of a ConfigMap. */
const LONGEST_KEY = 253;

/** Beside the system's certificates, which a mount over /etc/ssl/certs would hide. */
const FOLDER = '/etc/envoy-tls';

export const envoyTls: Rule = ({ settings, surface }) => {
  const target = surface.only('envoy');
  const hosts = settings.hosts.app.filter(({ secretName }) => secretName !== undefined);
  if (settings.terminateAt !== 'envoy' || !target || hosts.length === 0) return NOTHING;
  const config = new EnvoyDraft(target);
  const root = config.get([]);
  const { managers } = envoyApi(target, surface);
  const problems: Problem[] = [];
  for (const { manager } of managers) {
    const socket = [...chainOf(root, manager).path, 'transport_socket'];
    problems.push(
      ...writeSocket(config, target, socket, hosts.map(secretOf), FIELD),
      ...becomeEdge(config, target, manager),
    );
  }
  writeIdentity(config, surface);
  const files = new Draft(target.resource);
  for (const host of hosts)
    files.set(['data', fileOf(host)], certificateFile(host), host.secretFrom);
  const workloads = surface
    .mounting([target])
    .filter((workload) => mountedFrom(workload, target.resource).containers.length > 0)
    .map((workload) => mountCertificates(workload, target, hosts, surface));
  const services = surface.envoyServices.map((service) => speakTls(service, surface, problems));
  problems.push(
    ...workloads.flatMap((workload) => workload.problems),
    ...(workloads.length > 0
      ? []
      : [
          notMounted(target, {
            message: 'TLS ends at Envoy, and no container in this build mounts its ConfigMap',
            expected: 'the workload that runs Envoy, so that it gets the certificates',
            fix: "add Envoy's workload to this kustomization, or leave `tls.terminateAt` at `entry`",
          }),
        ]),
  );
  return fromDrafts([config, files, ...services, ...workloads], problems);
};

/** Key of the ConfigMap, and name of the file, that tells Envoy where a host's certificate lies. */
function fileOf({ secretName }: PublicHost): string {
  return `${shortName(`certificate-${secretName}`, secretName, LONGEST_KEY - '.yaml'.length)}.yaml`;
}

function folderOf({ secretName }: PublicHost): string {
  return `${FOLDER}/certificates/${secretName}`;
}

/**
 * Read through secret discovery: a certificate that kubelet renews on disk is taken up without a restart. The watched folder is the mount
 * itself, where kubelet swaps the link `..data`.
 */
function certificateFile(host: PublicHost): string {
  const folder = folderOf(host);
  return printYaml({
    resources: [
      {
        '@type': `${TLS_PACKAGE}.Secret`,
        name: host.secretName,
        tls_certificate: {
          certificate_chain: { filename: `${folder}/tls.crt` },
          private_key: { filename: `${folder}/tls.key` },
          watched_directory: { path: folder },
        },
      },
    ],
  });
}

function secretOf(host: PublicHost): JsonObject & { name: string } {
  return {
    name: String(host.secretName),
    sds_config: {
      path_config_source: { path: `${FOLDER}/config/${fileOf(host)}` },
      resource_api_version: 'V3',
    },
  };
}

/** Envoy refuses file-based discovery without an identity. */
function writeIdentity(draft: EnvoyDraft, { envoyService }: Surface): void {
  for (const key of ['id', 'cluster'])
    if (draft.get(['node', key]) === undefined)
      draft.set(['node', key], envoyService?.originalName ?? 'michelangelo-envoy', FIELD);
}

/** Nothing in front of Envoy opens the requests any more: what clients say of their own address counts for nothing. */
function becomeEdge(draft: EnvoyDraft, target: DocumentTarget, manager: Located): Problem[] {
  const path = [...manager.path, 'xff_num_trusted_hops'];
  const hops = draft.get(path);
  draft.remove(path, FIELD);
  draft.set([...manager.path, 'use_remote_address'], true, FIELD);
  if (numberOf(hops) === undefined || numberOf(hops) === 0) return [];
  const fix =
    'nothing is in front of Envoy from now on; where a load balancer adds `x-forwarded-for`, patch the rendered config';
  const place = documentPath(target, path);
  return [replaced(target.resource.reference, place, asText(hops), undefined, FIELD, fix)];
}

function mountCertificates(
  workload: Resource,
  { resource }: DocumentTarget,
  hosts: readonly PublicHost[],
  surface: Surface,
): PodDraft {
  const mounted = mountedFrom(workload, resource);
  const pod = new PodDraft(workload);
  const items = hosts.map((host) => ({ key: fileOf(host), path: fileOf(host) }));
  pod.volume({ name: 'envoy-tls-config', configMap: { name: mounted.configMap, items } }, FIELD);
  pod.mount(mounted.containers, 'envoy-tls-config', `${FOLDER}/config`, FIELD);
  for (const [index, host] of hosts.entries()) {
    const name = index === 0 ? 'envoy-tls' : `envoy-tls-${index}`;
    // A pod starts without the certificate of an alias, and Envoy takes it up when it comes: a challenge that fails stops nothing else.
    const secret: JsonObject = { secretName: String(host.secretName) };
    if (index > 0) secret['optional'] = true;
    pod.volume({ name, secret }, host.secretFrom);
    pod.mount(mounted.containers, name, folderOf(host), host.secretFrom);
  }
  writeProbes(pod, workload, mounted.containers, envoyListenerPorts(surface));
  return pod;
}

/** Probes that ask the listener over HTTP ask over HTTPS; kubelet does not check the certificate. */
function writeProbes(
  pod: PodDraft,
  workload: Resource,
  containers: readonly string[],
  ports: readonly number[],
): void {
  for (const { path, json: container } of pod.containers()) {
    if (!containers.includes(asText(container['name']))) continue;
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
      const get = getIn(container, [probe, 'httpGet']);
      if (!isObject(get)) continue;
      const port = typeof get['port'] === 'string' ? namedPort(workload, get['port']) : get['port'];
      if (ports.includes(asNumber(port)))
        pod.set([...path, probe, 'httpGet', 'scheme'], 'HTTPS', FIELD);
    }
  }
}

/** Says that the port carries HTTPS; its name stays, because others may refer to it. One for UDP carries HTTP/3. */
function speakTls(service: Resource, surface: Surface, problems: Problem[]): Draft {
  const draft = new Draft(service);
  const isUdp = (index: number) =>
    getIn(service.json, ['spec', 'ports', index, 'protocol']) === 'UDP';
  for (const { index } of servingPorts(service, surface.envoyPods).filter(
    (port) => !isUdp(port.index),
  ))
    problems.push(...writeProtocol(draft, service, { index, value: 'https', field: FIELD }));
  return draft;
}
