import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates } from '../../src/rules/certificates.ts';
import { gateway } from '../../src/rules/gateway.ts';
import { ingress } from '../../src/rules/ingress.ts';
import {
  ABSENT,
  API,
  API_INGRESS,
  APP_INGRESS,
  BASE,
  ENVOY,
  ingress as ingressFor,
  ROUTED,
} from './manifests.ts';
import { apply } from './support.ts';

const test = suite('certificates');

const ISSUER = 'tls: { mode: issuer, issuer: { name: ours } }\n';
const AT_ENVOY = 'tls: { mode: issuer, issuer: { name: ours }, terminateAt: envoy }\n';
const GATEWAY = 'gateway: { className: contour }';
const ENTRIES = ['', `entry: { ${GATEWAY} }`, `entry: { ingress: { className: a }, ${GATEWAY} }`];

const names = (spec: string, documents = BASE) =>
  apply(certificates, ABSENT + spec, ...documents).added.map(({ name }) => name);

test('are asked for by annotation where a shim does the work', () => {
  assert.equal(names(ISSUER), []);
  assert.equal(names(`${ISSUER}entry: { ${GATEWAY} }`), []);
});

test('are made while an entry moves, and on a Gateway of somebody else', () => {
  const both = ['Certificate api-tls', 'Certificate app-tls'];
  assert.equal(names(`${ISSUER}entry: { ingress: { className: a }, ${GATEWAY} }`), both);
  assert.equal(names(`${ISSUER}entry: { gateway: { parentRefs: [{ name: edge }] } }`), both);
  assert.equal(names(ISSUER, ROUTED), ['Certificate a', 'Certificate b']);
});

test('are made beside a wildcard that others need, and asked for by annotation where none does', () => {
  const wildcard = API_INGRESS.replace('hosts: [api.old]', 'hosts: ["*.old"]');
  const base = [API, ...ENVOY, wildcard, APP_INGRESS];
  assert.equal(names(ISSUER, base), []);
  const other = ingressFor('other', 'x.old', 'other');
  assert.equal(names(ISSUER, [...base, other]), ['Certificate michelangelo-apiserver-tls']);
});

test('have one host each, with labels of the Service that they serve', () => {
  const spec = `${AT_ENVOY}hosts: { aliases: { app: [app.new.example.com] } }`;
  const { added } = apply(certificates, ABSENT + spec, ...BASE);
  assert.equal(
    added.map(({ json, field }) => [json['metadata'], json['spec'], field]),
    [
      ['michelangelo-envoy-tls', 'app.ml.example.com', 'spec.tls.mode'],
      [
        'michelangelo-envoy-tls-app-new-example-com',
        'app.new.example.com',
        'spec.hosts.aliases.app[0]',
      ],
    ].map(([secretName, host, field]) => [
      { name: secretName, labels: { team: 'edge' } },
      {
        secretName,
        dnsNames: [host],
        issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'ours' },
        privateKey: { rotationPolicy: 'Always' },
      },
      field,
    ]),
  );
});

for (const tls of [ISSUER, AT_ENVOY])
  for (const entry of ENTRIES)
    test(`are asked for once: ${tls.includes('envoy') ? 'at Envoy' : 'at the entry'}, ${entry || 'as in the base'}`, () => {
      const spec = ABSENT + tls + entry;
      const annotated = [
        ...apply(ingress, spec, ...BASE).edits.filter((edit) => edit.includes('cluster-issuer')),
        ...apply(gateway, spec, ...BASE).added.filter(({ json }) =>
          JSON.stringify(json).includes('cert-manager.io/cluster-issuer'),
        ),
      ];
      const made = names(tls + entry);
      const isGatewayOfBoth = entry === ENTRIES[1];
      const byEnvoy = tls === AT_ENVOY ? 1 : 0;
      if (entry === ENTRIES[2]) assert.equal([annotated.length, made.length], [0, 2]);
      else
        assert.equal([annotated.length, made.length], [isGatewayOfBoth ? 1 : 2 - byEnvoy, byEnvoy]);
    });

test('ask the issuer of the config, and name the one that gives way', () => {
  const certificate = `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: own }
spec:
  secretName: api-tls
  dnsNames: [api.old]
  issuerRef: { group: pki.example.com, kind: CompanyIssuer, name: theirs }
`;
  const { edits, problems } = apply(certificates, ABSENT + ISSUER, ...BASE, certificate);
  assert.equal(
    problems.map(({ code, found, expected }) => [code, found, expected?.split(',')[0]]),
    [['value-replaced', '`pki.example.com/CompanyIssuer/theirs`', '`ClusterIssuer/ours`']],
  );
  assert.equal(
    edits.filter((edit) => edit.includes('issuerRef')),
    ['name "ours"', 'kind "ClusterIssuer"', 'group "cert-manager.io"'].map(
      (change) => `replace Certificate own /spec/issuerRef/${change} <- spec.tls.issuer.name`,
    ),
  );
});

test('without a kind, are of an Issuer', () => {
  const asked = (kind: string, name: string) => {
    const certificate = `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: own }
spec: { secretName: api-tls, dnsNames: [api.old], issuerRef: { name: ${name} } }
`;
    const tls = `tls: { mode: issuer, issuer: { kind: ${kind}, name: ours } }\n`;
    const { problems } = apply(certificates, ABSENT + tls, ...BASE, certificate);
    return problems.map(({ found }) => found);
  };
  assert.equal(asked('ClusterIssuer', 'theirs'), ['`Issuer/theirs`']);
  assert.equal(asked('ClusterIssuer', 'ours'), ['`Issuer/ours`']);
  assert.equal(asked('Issuer', 'ours'), []);
});

test('that are there get the hosts that they lack, and no other beside them', () => {
  const certificate = (dnsNames: string) => `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: own }
spec:
  secretName: michelangelo-envoy-tls
  dnsNames: [${dnsNames}]
  issuerRef: { group: cert-manager.io, kind: ClusterIssuer, name: ours }
`;
  const names = (dnsNames: string) => {
    const { edits, added } = apply(certificates, ABSENT + AT_ENVOY, ...BASE, certificate(dnsNames));
    return [added.length, edits.filter((edit) => edit.includes('dnsNames'))];
  };
  const change = 'Certificate own /spec/dnsNames';
  assert.equal(names('other.example.com'), [
    0,
    [`add ${change}/1 "app.ml.example.com" <- spec.domain`],
  ]);
  assert.equal(names('app.old'), [0, [`replace ${change}/0 "app.ml.example.com" <- spec.domain`]]);
  assert.equal(names('"*.ml.example.com"'), [0, []]);
});

test('are not made where you make the Secrets', () => {
  assert.equal(names('tls: { mode: secret, terminateAt: envoy }'), []);
});

test.run();
