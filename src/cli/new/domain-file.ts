/** The text of a new `domain.yaml`: what was answered, and in comments what people usually set next. */
import { CONFIG_API_VERSION, CONFIG_KIND } from '../../config/load.ts';
import { textAt } from '../../config/partial.ts';
import { isPrivateName } from '../../net/host-names.ts';
import type { Json, JsonObject } from '../../yaml/json.ts';
import { type ExampleNote, type FieldNote, printCommented } from './commented-yaml.ts';

/** The object that the file says. */
export function domainConfig(environment: string, spec: JsonObject): JsonObject {
  return {
    apiVersion: CONFIG_API_VERSION,
    kind: CONFIG_KIND,
    metadata: { name: environment },
    spec,
  };
}

/** The file. `schema` is the path of the JSON Schema, from the file or absolute. */
export function domainFile(environment: string, spec: JsonObject, schema: string): string {
  const notes = ['apiVersion', 'kind', 'metadata', { key: 'spec', fields: specNotes(spec) }];
  return `${schemaLine(schema)}\n${printCommented(domainConfig(environment, spec), notes)}`;
}

/** The line by which editors find the schema. A path is not YAML: it may hold no line end. */
export function schemaLine(schema: string): string {
  return `# yaml-language-server: $schema=${schema.replaceAll(/[\r\n]/g, '')}`;
}

function specNotes(spec: JsonObject): FieldNote[] {
  const domain = textAt({ spec }, 'spec.domain') ?? 'ml.example.com';
  const mode = textAt({ spec }, 'spec.tls.mode') ?? '';
  const isPlain = mode === 'none';
  const api = `grpc.${domain}`;
  // An example that the page's host does not have.
  const app = `${textAt({ spec }, 'spec.hosts.ui')?.startsWith('studio.') ? 'web' : 'studio'}.${domain}`;
  return [
    'domain',
    {
      ...note('hosts', 'Host names other than api.<domain> and app.<domain>.', { api, app }),
      fields: [
        note('api', 'Default api.<domain>.', api),
        note('app', 'Default app.<domain>.', app),
      ],
    },
    note(
      'port',
      `Public port of both, where it is not ${isPlain ? 80 : 443}.`,
      isPlain ? 8080 : 8443,
    ),
    {
      key: 'tls',
      fields: tlsNotes(mode, domain, textAt({ spec }, 'spec.tls.terminateAt') === 'envoy'),
    },
    { key: 'entry', fields: ENTRY_NOTES },
    note(
      'worker',
      'How workers reach the API: through its public address, or as a Service in this cluster.',
      { apiAddress: isPlain ? 'public' : 'service' },
    ),
    note('cors', "Origins besides the app's own whose pages may call the API.", {
      allowOrigins: [`https://notebooks.${domain}`, 'http://localhost:*'],
    }),
    note('workflowEngine', 'Temporal or Cadence, for every worker and the controller manager.', {
      host: 'temporal-frontend.temporal.svc:7233',
      provider: 'temporal',
      clientDomain: 'default',
      workers: [{ domain: 'default', taskList: 'default' }],
    }),
    note('objectStore', 'The object store, for every worker and the controller manager.', {
      region: 'eu-central-1',
      endpoint: 'https://s3.eu-central-1.amazonaws.com',
      useIam: true,
    }),
    note(
      'computeClusters',
      'Other clusters that jobs are sent to: `ma-overlays new NAME --compute-of OVERLAY` makes what one needs.',
      [{ name: 'gpu', server: `https://k8s.gpu.${domain}:6443` }],
    ),
  ];
}

function tlsNotes(mode: string, domain: string, atEnvoy: boolean): FieldNote[] {
  const only = (isWanted: boolean, field: ExampleNote) => (isWanted ? field : field.key);
  return [
    'mode',
    {
      key: 'acme',
      fields: [
        'email',
        note(
          'server',
          "Let's Encrypt's test server: certificates that nobody trusts, generous limits.",
          'staging',
        ),
        note('solver', 'For hosts that the ACME server cannot reach: proof by DNS.', {
          dns01: { route53: { region: 'eu-central-1' } },
        }),
      ],
    },
    only(
      mode === 'ca',
      note('ca', "The Secret with the CA's certificate and key, in cert-manager's namespace.", {
        secretName: 'internal-ca-key-pair',
      }),
    ),
    only(
      mode === 'acme' || mode === 'ca',
      note('issuer', 'Makes an Issuer in the namespace instead of a ClusterIssuer.', {
        kind: 'Issuer',
      }),
    ),
    only(
      mode === 'secret',
      note('secrets', 'One wildcard certificate for both hosts.', {
        api: 'wildcard-tls',
        [atEnvoy ? 'envoy' : 'app']: 'wildcard-tls',
      }),
    ),
    only(
      mode !== 'none' && (mode !== 'acme' || isPrivateName(domain)),
      note(
        'trust',
        "The ConfigMap with the CA bundle that workers trust; it replaces the system's.",
        {
          configMap: 'ca-bundle',
          key: 'ca-certificates.crt',
        },
      ),
    ),
  ];
}

const ENTRY_NOTES: readonly FieldNote[] = [
  {
    key: 'ingress',
    fields: [
      'controller',
      note('className', "The class, where it is not the controller's usual one.", 'internal'),
      note('annotations', 'Annotations of your own.', { 'example.com/owner': 'platform' }),
    ],
  },
  { key: 'gateway', fields: ['className'] },
];

function note(key: string, comment: string, example: Json): ExampleNote {
  return { key, comment, example };
}
