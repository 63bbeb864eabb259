/** What configs connect to: the port and TLS of an address that does not say them, and the names that a message lists. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { missingOfKind } from '../../src/surface/faults/issuer-references.ts';
import { peersOf } from '../../src/surface/peers.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const store = (awsEndpointUrl: string, secure?: boolean) => ({
  minio: { awsEndpointUrl, ...(secure === undefined ? {} : { secure }) },
});

for (const [name, config, port, tls] of [
  ['a store is reached in plain HTTP', store('s3.example.com'), 80, false],
  ['unless the config says otherwise', store('s3.example.com', true), 443, true],
  ['the scheme of a URL decides', store('http://s3.example.com', true), 80, false],
  ['and so does https', store('https://s3.example.com', false), 443, true],
  ['a port that is written stays', store('s3.example.com:9000', false), 9000, false],
  [
    'the switch of the store is not that of the engine',
    { 'workflow-engine': { host: 'engine.example.com', useTLS: true }, minio: { secure: false } },
    443,
    true,
  ],
] as const)
  test(name, () => {
    assert.equal(
      peersOf(config).map((peer) => [peer.port, peer.tls]),
      [[port, tls]],
    );
  });

test('a message lists ten names of a kind, and counts the others', () => {
  const issuers = Array.from(
    { length: 12 },
    (_, index) =>
      `apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {name: issuer-${index}}\n`,
  );
  const surface = surfaceOf(splitDocuments(Buffer.from(issuers.join('---\n'))));
  assert.match(missingOfKind('ClusterIssuer', 'other', surface).fix ?? '', /issuer-9 and 2 more$/);
});

test.run();
