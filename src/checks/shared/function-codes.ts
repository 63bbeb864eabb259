/** What is known of the codes that the function alone has: it says them while it reads its config and its input, and while it writes. */
import { PROBLEM_CODES, type ProblemCode } from '../../errors.ts';
import type { Row } from '../check.ts';
import type { CheckCode } from '../generated/codes.ts';

/** Codes of the function that no check has. */
export type FunctionCode = Exclude<ProblemCode, CheckCode>;

type Texts = readonly [severity: Row['severity'], why: string, fix: string];

const STOPS = 'The function stops: half of a config would be worse than none.';
const CANNOT_WRITE =
  'A host would stay as it was in the base, which is a broken login or an error of CORS, so that the function stops.';

const TEXTS: Readonly<Record<FunctionCode, Texts>> = {
  'config-missing': ['error', STOPS, 'name the file of a DomainConfig under `transformers:`'],
  'config-syntax': ['error', STOPS, 'correct the YAML at the line that is named'],
  'config-kind': ['error', STOPS, 'write `apiVersion` and `kind` as the reference page has them'],
  'config-unknown-key': ['error', STOPS, 'correct the key, or remove it'],
  'config-required': ['error', STOPS, 'write the field'],
  'config-value': ['error', STOPS, 'write a value that the schema accepts'],
  'config-conflict': ['error', STOPS, 'remove one of the two fields'],
  'config-host': ['error', STOPS, 'write a host name that DNS and Kubernetes accept'],
  'config-origin': ['error', STOPS, 'write the origin as a browser sends it'],
  'input-syntax': ['error', CANNOT_WRITE, 'correct the YAML at the place that is named'],
  'input-protocol': ['error', STOPS, 'hand over a stream of documents, or a ResourceList'],
  'document-syntax': ['error', CANNOT_WRITE, 'correct the document inside of the ConfigMap'],
  'role-missing': [
    'error',
    CANNOT_WRITE,
    'add the resource, label it with its role, or list the role in `spec.absent`',
  ],
  'role-ambiguous': ['error', CANNOT_WRITE, 'label the one that is meant with its role'],
  'role-unknown': ['error', CANNOT_WRITE, 'correct the label'],
  'target-missing': ['error', CANNOT_WRITE, 'add the place to the base'],
  'target-shape': ['error', CANNOT_WRITE, 'write the place as the finding says'],
  'value-replaced': [
    'warning',
    'Somebody set the value on purpose, or relied on it.',
    'take it out of the base where the new value is right, or give it in the config',
  ],
  'endpoints-left': [
    'warning',
    'Envoy spreads calls of the API over every endpoint of its cluster: one that leads elsewhere fails a part of them.',
    'remove the endpoints, or move those of another backend to a cluster of their own',
  ],
  'part-elsewhere': [
    'warning',
    'What the config says beside the host does not arrive there.',
    'move the part to a ConfigMap, or keep it in step with the config by hand',
  ],
  'entry-refused': [
    'error',
    'The controller would not carry the requests, so that the function stops.',
    'choose another controller, another place for TLS, or a Gateway',
  ],
  'entry-loses': [
    'error',
    'What protects or routes an entry today would be lost in silence, so that the function stops.',
    'express it in the new way, or give it up in the config',
  ],
  'secret-asked-twice': [
    'error',
    'Two requests of cert-manager for one Secret replace its certificate in turn, for ever.',
    'give one of them another Secret',
  ],
  'network-peer-missing': [
    'error',
    'A policy shuts what it does not list: without the address the component could not do its work, so that the function stops.',
    'say where it is in `spec.networkPolicies.egress`, or who calls in `from`',
  ],
  'network-peer-unused': [
    'warning',
    'Whoever wrote it believes that something is open, or needed, that is not.',
    'remove it, or correct its word',
  ],
  'network-policy-pods': [
    'error',
    'A policy for these pods would be about others too, or about none, so that the function stops.',
    'give the pods a label of their own',
  ],
  'network-policy-partial': [
    'warning',
    'The components stay as open as they were.',
    'add their workloads, or write policies where they are',
  ],
  'network-policy-adds': [
    'warning',
    'What any policy lets through is let through: `restricted` is not what it says.',
    'take the policy out of the base',
  ],
  'network-policy-foreign': [
    'warning',
    'Such policies go before NetworkPolicies or add to them, by rules of their own that are not read here.',
    'compare the two by hand, then accept the finding',
  ],
  'network-metrics-shut': [
    'warning',
    'A Prometheus that is told of these metrics elsewhere gets no answer, and its alerts mean nothing.',
    'name the namespace of Prometheus in `spec.networkPolicies.from.monitoring`, or accept the finding where there is none',
  ],
  'name-taken': [
    'error',
    'What somebody else made would be overwritten, so that the function stops.',
    'rename the resource, or take it out of the input',
  ],
  'cluster-access': [
    'warning',
    'The controller manager sends no job to a cluster whose token it may not read; whoever else may read it can do there what it can.',
    'give the pods of the controller manager a ServiceAccount of their own, in this build',
  ],
  'api-policy-unsure': [
    'warning',
    'The API server of a self-managed cluster runs in the network of its host. Most network plug-ins ignore policies for such pods: then this one protects nothing. Those that apply it let in the listed addresses alone: kubelets, controllers and every pod that uses the Kubernetes API are shut out, and the cluster comes to a halt.',
    "find out what the cluster's network plug-in does before it is applied; a firewall in front of the API server restricts it in every case",
  ],
  'api-server-managed': [
    'warning',
    'The API server of a managed cluster is not a pod of it: no NetworkPolicy can apply to it, and none is made.',
    "let the control plane's addresses in where the cloud asks for them; accept this finding once that is done",
  ],
  'sdk-without-tls': [
    'warning',
    'The address that task pods are given is public and has TLS. The Python SDK opens a channel without TLS unless it is given credentials, so that calls of task code to the API fail.',
    'let task code open its channel with TLS, as `explain --clients` prints it; accept this finding once it does',
  ],
  'task-pods-without-trust': [
    'warning',
    'Michelangelo makes task pods: they read the variables of their ConfigMap, and nothing of this build is mounted into them. Their gRPC trusts public authorities alone unless `GRPC_DEFAULT_SSL_ROOTS_FILE_PATH` names another bundle, so that calls to the API fail where its certificate is of an internal one.',
    'put the bundle into the images of tasks and its path into the ConfigMap; or set `spec.taskPods.apiAddress: service`',
  ],
  'placeholder-left': [
    'error',
    'The host does not exist: the Kubernetes API refuses it, or nothing answers.',
    'let `replacements` and `patches` of the same kustomization write it, or the config',
  ],
  'old-host-left': [
    'warning',
    'Whoever reads the place still uses the host of the base, which belongs to another environment or to nobody.',
    'write the new host in the base, or list the place in `spec.hosts.leave` with the reason',
  ],
  'alerts-incomplete': [
    'warning',
    'Nobody is told of this failure, although alerts were asked for.',
    'add what is missing, or accept it with a reason where something else watches it',
  ],
  'leave-unused': [
    'warning',
    'The row would hide an old host that comes there later, or the one that it was meant for is misspelled.',
    'correct the resource or the path, or remove the row',
  ],
  internal: ['error', STOPS, 'report it, with the config and as much of the input as can be shown'],
};

/** The rows of the catalogue for these codes. Their titles are the sentences of `PROBLEM_CODES`: the function prints the same. */
export const FUNCTION_CODES = Object.fromEntries(
  Object.entries(TEXTS).map(([code, [severity, why, fix]]): [string, Row] => {
    const title = PROBLEM_CODES[code as FunctionCode].replace(/\.$/, '');
    return [code, { family: 'The config and the function', severity, title, why, fix }];
  }),
) as Readonly<Record<FunctionCode, Row>>;
