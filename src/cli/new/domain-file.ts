/** The text of a new `domain.yaml`: what was answered, and in comments what people usually set next. */

import { CONFIG_API_VERSION, CONFIG_KIND } from '../../config/load.ts';
import { textAt } from '../../config/partial.ts';
import { isPrivateName } from '../../net/host-names.ts';
import type { JsonObject } from '../../yaml/json.ts';
import { type FieldNote, printCommented } from './commented-yaml.ts';

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
  const notes: FieldNote[] = [
    { key: 'apiVersion' },
    { key: 'kind' },
    { key: 'metadata' },
    { key: 'spec', fields: specNotes(spec) },
  ];
  return `${schemaLine(schema)}\n${printCommented(domainConfig(environment, spec), notes)}`;
}

/** The line by which editors find the schema. A path is not YAML: it may hold no line end. */
export function schemaLine(schema: string): string {
  return `# yaml-language-server: $schema=${schema.replaceAll(/[\r\n]/g, '')}`;
}

function specNotes(spec: JsonObject): FieldNote[] {
  const domain = textAt({ spec }, 'spec.domain') ?? 'ml.example.com';
  const mode = textAt({ spec }, 'spec.tls.mode') ?? '';
  const port = mode === 'none' ? 8080 : 8443;
  return [
    { key: 'domain' },
    {
      key: 'hosts',
      comment: 'Host names other than api.<domain> and app.<domain>.',
      example: { api: `grpc.${domain}`, app: `studio.${domain}` },
      fields: [
        { key: 'api', comment: 'Default api.<domain>.', example: `grpc.${domain}` },
        { key: 'app', comment: 'Default app.<domain>.', example: `studio.${domain}` },
      ],
    },
    {
      key: 'port',
      comment: `Public port of both, where it is not ${mode === 'none' ? 80 : 443}.`,
      example: port,
    },
    {
      key: 'tls',
      fields: tlsNotes(mode, domain, textAt({ spec }, 'spec.tls.terminateAt') === 'envoy'),
    },
    { key: 'entry', fields: entryNotes() },
    {
      key: 'worker',
      comment:
        'How workers reach the API: through its public address, or as a Service in this cluster.',
      example: { apiAddress: mode === 'none' ? 'public' : 'service' },
    },
    {
      key: 'cors',
      comment: "Origins besides the app's own whose pages may call the API.",
      example: { allowOrigins: [`https://notebooks.${domain}`, 'http://localhost:*'] },
    },
    {
      key: 'workflowEngine',
      comment: 'Temporal or Cadence, for every worker and the controller manager.',
      example: {
        host: 'temporal-frontend.temporal.svc:7233',
        provider: 'temporal',
        clientDomain: 'default',
        workers: [{ domain: 'default', taskList: 'default' }],
      },
    },
    {
      key: 'objectStore',
      comment: 'The object store, for every worker and the controller manager.',
      example: {
        region: 'eu-central-1',
        endpoint: 'https://s3.eu-central-1.amazonaws.com',
        useIam: true,
      },
    },
  ];
}

function tlsNotes(mode: string, domain: string, atEnvoy: boolean): FieldNote[] {
  const makesIssuer = mode === 'acme' || mode === 'ca';
  const trust = isPrivateName(domain) || mode !== 'acme';
  return [
    { key: 'mode' },
    {
      key: 'acme',
      fields: [
        { key: 'email' },
        {
          key: 'server',
          comment: "Let's Encrypt's test server: certificates that nobody trusts, generous limits.",
          example: 'staging',
        },
        {
          key: 'solver',
          comment: 'For hosts that the ACME server cannot reach: proof by DNS.',
          example: { dns01: { route53: { region: 'eu-central-1' } } },
        },
      ],
    },
    {
      key: 'ca',
      ...(mode === 'ca' && {
        comment: "The Secret with the CA's certificate and key, in cert-manager's namespace.",
        example: { secretName: 'internal-ca-key-pair' },
      }),
    },
    {
      key: 'issuer',
      ...(makesIssuer && {
        comment: 'Makes an Issuer in the namespace instead of a ClusterIssuer.',
        example: { kind: 'Issuer' },
      }),
    },
    {
      key: 'secrets',
      ...(mode === 'secret' && {
        comment: 'One wildcard certificate for both hosts.',
        example: { api: 'wildcard-tls', [atEnvoy ? 'envoy' : 'app']: 'wildcard-tls' },
      }),
    },
    {
      key: 'trust',
      ...(trust &&
        mode !== 'none' && {
          comment: "The ConfigMap with the CA bundle that workers trust; it replaces the system's.",
          example: { configMap: 'ca-bundle', key: 'ca-certificates.crt' },
        }),
    },
  ];
}

function entryNotes(): FieldNote[] {
  const annotations = {
    key: 'annotations',
    comment: 'Annotations of your own.',
    example: { 'example.com/owner': 'platform' },
  };
  return [
    {
      key: 'ingress',
      fields: [
        { key: 'controller' },
        {
          key: 'className',
          comment: "The class, where it is not the controller's usual one.",
          example: 'internal',
        },
        annotations,
      ],
    },
    { key: 'gateway', fields: [{ key: 'className' }] },
  ];
}
