/**
 * `tls.terminateAt: envoy` → TLS on Envoy's listener: transport socket, certificates through SDS, their Secrets in the pods, and the
 * probes and the Service port that now speak TLS.
 *
 * Source: Envoy's `extensions.transport_sockets.tls.v3` (DownstreamTlsContext, SdsSecretConfig, TlsCertificate.watched_directory) and
 * "Secret discovery service".
 */
import type { PublicHost } from '../config/settings.ts';
import { type Located, type Path, typeName } from '../envoy/bootstrap.ts';
import { chainOf } from '../envoy/listeners.ts';
import { Draft } from '../manifests/edit.ts';
import type { Resource } from '../manifests/resource.ts';
import { shortName } from '../manifests/short-name.ts';
import { namedPort } from '../manifests/workload.ts';
import { envoyApi } from '../surface/envoy-api.ts';
import { envoyListenerPorts, servingPorts } from '../surface/envoy-service.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, isObject, type JsonObject } from '../yaml/json.ts';
import { printYaml } from '../yaml/yaml.ts';
import { EnvoyDraft } from './envoy-draft.ts';
import { mountedFrom, notMounted, PodDraft } from './pod-draft.ts';
import { fromDrafts, NOTHING, type Rule } from './rule.ts';

const FIELD = 'spec.tls.terminateAt';
const PACKAGE = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3';

/** Of a TLS context, besides the one that reads them from files. */
const OTHER_CERTIFICATES = ['tls_certificates', 'tls_certificate_provider_instance'];

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
  for (const { manager } of managers) {
    writeSocket(config, [...chainOf(root, manager).path, 'transport_socket'], hosts);
    becomeEdge(config, manager);
  }
  writeIdentity(config, surface);
  const files = new Draft(target.resource);
  for (const host of hosts)
    files.set(['data', fileOf(host)], certificateFile(host), host.secretFrom);
  const workloads = surface
    .mounting([target])
    .filter((workload) => mountedFrom(workload, target.resource).containers.length > 0)
    .map((workload) => mountCertificates(workload, target, hosts, surface));
  const services = surface.envoyServices.map((service) => speakTls(service, surface));
  const problems =
    workloads.length > 0
      ? []
      : [
          notMounted(target, {
            message: 'TLS ends at Envoy, and no container in this build mounts its ConfigMap',
            expected: 'the workload that runs Envoy, so that it gets the certificates',
            mend: "add Envoy's workload to this kustomization, or leave `tls.terminateAt` at `entry`",
          }),
        ];
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
        '@type': `${PACKAGE}.Secret`,
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

/** Envoy refuses file-based discovery without an identity. */
function writeIdentity(draft: EnvoyDraft, { envoyService }: Surface): void {
  for (const key of ['id', 'cluster'])
    if (draft.get(['node', key]) === undefined)
      draft.set(['node', key], envoyService?.originalName ?? 'michelangelo-envoy', FIELD);
}

/** Nothing in front of Envoy opens the requests any more: what clients say of their own address counts for nothing. */
function becomeEdge(draft: EnvoyDraft, manager: Located): void {
  draft.remove([...manager.path, 'xff_num_trusted_hops'], FIELD);
  draft.set([...manager.path, 'use_remote_address'], true, FIELD);
}

/** What a socket says already of versions, ciphers and the clients' certificates stays. */
function writeSocket(draft: EnvoyDraft, path: Path, hosts: readonly PublicHost[]): void {
  const context = [...path, 'typed_config', 'common_tls_context'];
  if (typeName(draft.get([...path, 'typed_config'])) !== 'DownstreamTlsContext')
    draft.set(
      path,
      {
        name: 'envoy.transport_sockets.tls',
        typed_config: { '@type': `${PACKAGE}.DownstreamTlsContext` },
      },
      FIELD,
    );
  if (draft.get([...context, 'alpn_protocols']) === undefined)
    draft.set([...context, 'alpn_protocols'], ['h2', 'http/1.1'], FIELD);
  for (const inline of OTHER_CERTIFICATES) draft.remove([...context, inline], FIELD);
  // With several, Envoy chooses by the name that the client asks for.
  const secrets = hosts.map((host) => ({
    name: String(host.secretName),
    sds_config: {
      path_config_source: { path: `${FOLDER}/config/${fileOf(host)}` },
      resource_api_version: 'V3',
    },
  }));
  draft.reconcile([...context, 'tls_certificate_sds_secret_configs'], secrets, FIELD);
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
    if (!containers.includes(String(container['name']))) continue;
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
      const get = getIn(container, [probe, 'httpGet']);
      if (!isObject(get)) continue;
      const port = typeof get['port'] === 'string' ? namedPort(workload, get['port']) : get['port'];
      if (ports.includes(Number(port)))
        pod.set([...path, probe, 'httpGet', 'scheme'], 'HTTPS', FIELD);
    }
  }
}

/** Says that the port carries HTTPS; its name stays, because others may refer to it. */
function speakTls(service: Resource, surface: Surface): Draft {
  const draft = new Draft(service);
  for (const { index } of servingPorts(service, surface.envoyPods))
    draft.set(['spec', 'ports', index, 'appProtocol'], 'https', FIELD);
  return draft;
}
