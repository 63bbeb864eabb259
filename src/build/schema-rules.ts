/** What the published schema refuses beyond the function's own: the rules of src/config/ that a schema can say. */
import { PATTERNS } from './schema-patterns.ts';

type Keywords = Readonly<Record<string, unknown>>;

/** A text that follows a pattern, and what editors say where it does not. */
const text = (pattern: keyof typeof PATTERNS, patternErrorMessage: string): Keywords => ({
  pattern: PATTERNS[pattern],
  patternErrorMessage,
});

/** A value that may not stand there. For `false` and `not`, editors have no message of one's own. */
const refused = (errorMessage: string): Keywords => ({ type: 'null', errorMessage });

/** Keywords for some keys of a map, whether they are there or not. Editors propose the keys where they are described. */
const each = (keys: readonly string[], keywords: Keywords): Keywords => ({
  properties: Object.fromEntries(keys.map((key) => [key, { ...keywords, doNotSuggest: true }])),
});

/** That a key is there and fits. */
const has = (key: string, keywords: Keywords = {}): Keywords => ({
  ...each([key], keywords),
  required: [key],
});

const either = (consequence: Keywords | undefined, otherwise: Keywords | undefined) => [
  ...(consequence ? [['then', consequence]] : []),
  ...(otherwise ? [['else', otherwise]] : []),
];

/** `if`, `then` and `else` of JSON Schema. */
const when = (
  condition: Keywords,
  consequence: Keywords | undefined,
  otherwise?: Keywords,
): Keywords => Object.fromEntries([['if', condition], ...either(consequence, otherwise)]);

const HOST = text(
  'host',
  'Not a host name: lower-case letters, digits, hyphens and dots; at least two labels, or `localhost`; no scheme, port or path.',
);

/** Fields of `spec.tls` that belong to other modes. */
const foreign = (...fields: string[]): Keywords => {
  const modes: Record<string, string> = {
    acme: '`acme`',
    ca: '`ca`',
    issuer: '`acme`, `ca` or `issuer`',
    secrets: '`acme`, `ca`, `issuer` or `secret`',
    trust: '`acme`, `ca`, `issuer`, `secret` or `external`',
  };
  const message = (field: string) => `Only with \`tls.mode\` ${modes[field]}.`;
  return { allOf: fields.map((field) => each([field], refused(message(field)))) };
};

const inMode = (modes: readonly string[], consequence: Keywords) =>
  when(has('mode', { enum: modes }), consequence);

const TLS = [
  inMode(['acme'], has('acme', has('email'))),
  inMode(['issuer'], has('issuer', has('name'))),
  inMode(['acme'], foreign('ca')),
  inMode(['ca'], foreign('acme')),
  inMode(['issuer'], foreign('acme', 'ca')),
  inMode(['secret'], foreign('acme', 'ca', 'issuer')),
  inMode(['external'], foreign('acme', 'ca', 'issuer', 'secrets')),
  inMode(['none'], foreign('acme', 'ca', 'issuer', 'secrets', 'trust')),
  inMode(
    ['external', 'none'],
    each(['terminateAt'], {
      const: 'entry',
      errorMessage: 'TLS cannot end at Envoy with this `tls.mode`: Envoy gets no certificate.',
    }),
  ),
  when(
    has('terminateAt', { const: 'envoy' }),
    each(
      ['secrets'],
      each(['app'], refused('TLS of the app host ends at Envoy: write `envoy` instead.')),
    ),
    each(['secrets'], each(['envoy'], refused('Only with `terminateAt: envoy`.'))),
  ),
];

const hasMode = (...modes: string[]) => has('tls', has('mode', { enum: modes }));
const bothHosts = has('hosts', { required: ['api', 'app'] });

/** Annotations of each Ingress and each Gateway. */
const annotations = (keywords: Keywords): Keywords => {
  const ways = each(['ingress', 'gateway'], each(['annotations'], keywords));
  return each(['entry'], { allOf: [ways, each(['api', 'app'], ways)] });
};

const aliases = (items: Keywords): Keywords =>
  each(['hosts'], each(['aliases'], each(['api', 'app'], { items })));

const PUBLIC_HOST = text(
  'publicHost',
  'An ACME server cannot prove a name that the public DNS does not have: choose a public domain, or another `tls.mode`.',
);

const SPEC = [
  // The function's own schema leaves it out: the code says better what is missing.
  { required: ['tls'] },
  when(
    {
      allOf: [hasMode('ca'), { not: has('worker', has('apiAddress', { const: 'service' })) }],
    },
    each(['tls'], { required: ['trust'] }),
  ),
  when(
    hasMode('acme', 'ca', 'issuer', 'secret', 'external'),
    each(
      ['port'],
      when({ const: 80 }, refused('Port 80 is that of plain HTTP: https needs another.')),
    ),
  ),
  when(
    hasMode('acme', 'ca', 'issuer'),
    annotations(
      each(
        ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer', 'kubernetes.io/tls-acme'],
        refused('`tls.mode` asks for certificates already: name the issuer in `tls.issuer`.'),
      ),
    ),
  ),
  when(
    hasMode('external', 'none'),
    aliases(each(['secretName'], refused('A Secret has no meaning with this `tls.mode`.'))),
  ),
  when(hasMode('acme'), {
    allOf: [
      each(['hosts'], each(['api', 'app'], PUBLIC_HOST)),
      aliases({ ...PUBLIC_HOST, ...each(['host'], PUBLIC_HOST) }),
      when(bothHosts, undefined, each(['domain'], PUBLIC_HOST)),
    ],
  }),
  // `api.` and `app.` stand before it, unless both hosts are named.
  when(bothHosts, undefined, each(['domain'], { maxLength: 249 })),
];

const makesOrUses = when({ required: ['parentRefs'] }, undefined, { required: ['className'] });
const ownGateways = (keywords: Keywords) => each(['api', 'app'], each(['gateway'], keywords));

/** An entry's Gateway takes from that of both what it lacks, unless the two are of different forms. */
const ENTRIES = [
  each(['gateway'], makesOrUses),
  when({ required: ['gateway'] }, undefined, ownGateways(makesOrUses)),
  when(
    has('gateway', { required: ['parentRefs'] }),
    ownGateways(
      when(
        { anyOf: [{ required: ['annotations'] }, { required: ['infrastructure'] }] },
        { required: ['className'] },
      ),
    ),
  ),
];

/** Keywords for each place inside the definitions. */
export const SCHEMA_RULES: Readonly<Record<string, Keywords>> = {
  Spec: { allOf: SPEC },
  'Spec/properties/domain': HOST,
  'Hosts/properties/api': HOST,
  'Hosts/properties/app': HOST,
  'HostAliases/properties/api': { uniqueItems: true },
  'HostAliases/properties/app': { uniqueItems: true },
  HostAlias: HOST,
  'HostAlias/properties/host': HOST,
  Tls: { allOf: TLS },
  'Acme/properties/email': text(
    'email',
    'Not a mail address: write the address alone, for instance `platform@example.com`.',
  ),
  'Acme/properties/server': text(
    'acmeServer',
    'Not an ACME server: `production`, `staging`, or the https URL of an ACME directory.',
  ),
  'Acme/properties/solver': text(
    'solver',
    'Write `http01`, or a map with a cert-manager DNS-01 solver.',
  ),
  Trust: text('trust', 'Write `preinstalled`, or a map with `configMap` and `key`.'),
  Entries: { allOf: ENTRIES },
  GatewayEntry: when(
    { required: ['parentRefs'] },
    each(
      ['className', 'annotations', 'infrastructure'],
      refused('For a Gateway that is made, and `parentRefs` uses one that exists: not both.'),
    ),
  ),
  'Upstream/properties/host': text(
    'reachableHost',
    'Not a host name, a Service name or an IP address in lower case; without scheme, port and path.',
  ),
  'Cors/properties/allowOrigins': { uniqueItems: true },
  'Cors/properties/allowOrigins/items': text(
    'origin',
    'Not an origin as browsers send it: `scheme://host[:port]` in lower case, without a path and without the port of the scheme; one leading `*.` label or port `*` at most.',
  ),
  'Cors/properties/allowHeaders': { uniqueItems: true },
  'Cors/properties/allowHeaders/items': text(
    'header',
    'Not the name of one header: letters, digits and hyphens, without white space, and not `*` alone.',
  ),
  'WorkflowEngine/properties/host': text(
    'hostAndPort',
    'Not an address: `host:port` without a scheme, the host in lower case.',
  ),
  'ObjectStore/properties/endpoint': text(
    'urlOrHostAndPort',
    'Not an address: an http or https URL without a path, or `host:port`, the host in lower case.',
  ),
};
