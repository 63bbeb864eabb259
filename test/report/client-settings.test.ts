/** What clients are told to set, in each layout. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/load.ts';
import type { Settings } from '../../src/config/settings.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { type ClientSettings, clientSettings } from '../../src/report/client-settings.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const ENTRY = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: api}
spec: {rules: [{host: api.ml.example.com, http: {paths: [{path: /, backend: {service: {name: michelangelo-apiserver, port: {number: 15566}}}}]}}]}
`;

function settingsOf(spec: string, manifests = ENTRY): ClientSettings {
  const config = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: production}
spec: {domain: ml.example.com, ${spec}}
`;
  const settings = loadConfig(config).settings as Settings;
  return clientSettings(settings, surfaceOf(splitDocuments(Buffer.from(manifests)), { settings }));
}

for (const [name, spec, expected] of [
  [
    'two hosts',
    'tls: {mode: secret}',
    {
      addresses: ['api.ml.example.com:443'],
      useTls: true,
      caFile: 'maybe',
      pages: ['https://app.ml.example.com'],
      redirectUris: ['https://app.ml.example.com/callback'],
    },
  ],
  [
    'a page with a host of its own',
    'hosts: {ui: studio.ml.example.com}, tls: {mode: ca, trust: preinstalled}',
    {
      caFile: 'needed',
      pages: ['https://studio.ml.example.com'],
      redirectUris: [
        'https://studio.ml.example.com/callback',
        'https://app.ml.example.com/callback',
      ],
    },
  ],
  [
    'another port',
    'port: 8443, tls: {mode: acme, acme: {email: a@ml.example.com}}',
    {
      addresses: ['api.ml.example.com:8443'],
      caFile: 'none',
      redirectUris: ['https://app.ml.example.com:8443/callback'],
    },
  ],
  [
    'no TLS',
    'tls: {mode: none}',
    {
      addresses: ['api.ml.example.com:80'],
      useTls: false,
      caFile: 'none',
      cliEnvironment: { MACTL_ADDRESS: 'api.ml.example.com:80', MACTL_USE_TLS: 'false' },
      redirectUris: ['http://app.ml.example.com/callback'],
    },
  ],
  [
    'aliases',
    'hosts: {aliases: {api: [api.old.example.com], app: [app.old.example.com]}}, tls: {mode: secret}',
    {
      addresses: ['api.ml.example.com:443', 'api.old.example.com:443'],
      redirectUris: ['https://app.ml.example.com/callback', 'https://app.old.example.com/callback'],
    },
  ],
  [
    'one host for page and calls',
    'hosts: {app: ml.example.com}, tls: {mode: external}',
    {
      addresses: ['api.ml.example.com:443'],
      pages: ['https://ml.example.com'],
      redirectUris: ['https://ml.example.com/callback'],
    },
  ],
] as const)
  test(name, () => {
    const found: Partial<Record<string, unknown>> = { ...settingsOf(spec) };
    for (const [key, value] of Object.entries(expected)) assert.equal(found[key], value, key);
  });

test('says whether an entry leads to the address', () => {
  assert.ok(settingsOf('tls: {mode: secret}').isServed);
  assert.not.ok(settingsOf('hosts: {api: grpc.ml.example.com}, tls: {mode: secret}').isServed);
});

test.run();
