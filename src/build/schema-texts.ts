/** What the published schema has for completion alone: what each word means, and beginnings of maps. */

import type { Json } from '../yaml/json.ts';

type Snippet = {
  label: string;
  description: string;
  /** `$1` is where the cursor goes. */
  body: Json;
};

type Texts = Readonly<{ enumDescriptions?: string[]; defaultSnippets?: Snippet[] }>;

const snippet = (label: string, description: string, body: Json): Snippet => ({
  label,
  description,
  body,
});

/** What an empty file may begin with. */
export const WHOLE_CONFIG: Snippet[] = [
  snippet('DomainConfig', 'The smallest config of an environment.', {
    apiVersion: 'network.michelangelo.api/v1alpha1',
    kind: 'DomainConfig',
    metadata: { name: '$1' },
    spec: { domain: '$2', tls: { mode: '$3' } },
  }),
];

/** For each place inside the definitions. */
export const SCHEMA_TEXTS: Readonly<Record<string, Texts>> = {
  'Tls/properties/mode': {
    enumDescriptions: [
      "Let's Encrypt or another ACME server makes the certificates; needs `acme.email`.",
      'An internal CA makes them; needs `trust` where workers use the public address.',
      'A cert-manager issuer that exists makes them; needs `issuer.name`.',
      'You make the Secrets yourself.',
      'TLS ends in front of the cluster; no certificates here.',
      'Plain http, for development.',
    ],
  },
  Tls: {
    defaultSnippets: [
      snippet("Let's Encrypt", 'Certificates of an ACME server.', {
        mode: 'acme',
        acme: { email: '$1' },
      }),
      snippet('internal CA', 'Certificates of your own CA.', {
        mode: 'ca',
        trust: { configMap: '$1', key: '$2' },
      }),
      snippet('existing issuer', 'Certificates of a cert-manager issuer that exists.', {
        mode: 'issuer',
        issuer: { name: '$1' },
      }),
    ],
  },
  'Tls/properties/terminateAt': {
    enumDescriptions: [
      'At the Ingress controller or the Gateway.',
      'At Envoy: the entry passes TLS through.',
    ],
  },
  Trust: {
    defaultSnippets: [
      snippet('preinstalled', 'The images know the CA.', 'preinstalled'),
      snippet('ConfigMap', 'A ConfigMap has the CA bundle.', { configMap: '$1', key: '$2' }),
    ],
  },
  HostAlias: {
    defaultSnippets: [
      snippet('host', 'A host name.', '$1'),
      snippet('host and Secret', 'A host name whose certificate lies in a Secret already.', {
        host: '$1',
        secretName: '$2',
      }),
    ],
  },
  'Acme/properties/solver': {
    defaultSnippets: [
      snippet('http01', 'Challenges over plain HTTP.', 'http01'),
      snippet('dns01', 'Challenges in the DNS, for instance with Route 53.', {
        dns01: { route53: { region: '$1' } },
      }),
    ],
  },
  'Issuer/properties/kind': {
    enumDescriptions: ['For all namespaces.', 'For one namespace.'],
  },
  'Worker/properties/apiAddress': {
    enumDescriptions: [
      'The public address, with TLS.',
      'The API Service inside the cluster, without TLS.',
    ],
  },
};
