/** What the published schema refuses beyond the function's own: the rules of src/config/ that a schema can say. */

import { ONLY_WHEN_MADE } from '../config/check-entry.ts';
import { CONTROL_PLANE_ONLY } from '../config/check-role.ts';
import { TLS_FIELD_MODES, TLS_MODES } from '../config/check-tls.ts';
import { either } from '../config/wording.ts';
import { ASKING_ANNOTATIONS } from '../manifests/cert-manager.ts';
import { PUBLIC_HOST } from './schema-patterns.ts';

type Keywords = Readonly<Record<string, unknown>>;

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

/** `if`, `then` and `else` of JSON Schema. */
const when = (condition: Keywords, consequence: Keywords, otherwise?: Keywords): Keywords =>
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  ({ if: condition, then: consequence, ...(otherwise && { else: otherwise }) });

/** Where something does not hold. */
const unless = (condition: Keywords, consequence: Keywords): Keywords =>
  when({ not: condition }, consequence);

const inMode = (modes: readonly string[], consequence: Keywords) =>
  when(has('mode', { enum: modes }), consequence);

const words = (texts: readonly string[]) => either(texts.map((text) => `\`${text}\``));

const TLS = [
  inMode(['acme'], has('acme', has('email'))),
  inMode(['issuer'], has('issuer', has('name'))),
  ...TLS_FIELD_MODES.map(({ field, modes }) =>
    inMode(
      TLS_MODES.filter((mode) => !modes.includes(mode)),
      each([field], refused(`Only with \`tls.mode\` ${words(modes)}.`)),
    ),
  ),
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

/** Of a compute cluster. */
const COMPUTE: Keywords = {
  required: ['computeCluster', 'computeClusters'],
  ...each(
    Object.keys(CONTROL_PLANE_ONLY).filter((field) => !field.includes('.')),
    refused('Only in the config of a control plane.'),
  ),
};

const hasMode = (...modes: string[]) => has('tls', has('mode', { enum: modes }));
const bothHosts = has('hosts', { required: ['api', 'app'] });

/** Annotations of each Ingress and each Gateway. */
const annotations = (keywords: Keywords): Keywords => {
  const ways = each(['ingress', 'gateway'], each(['annotations'], keywords));
  return each(['entry'], { allOf: [ways, each(['api', 'app'], ways)] });
};

const aliases = (items: Keywords): Keywords =>
  each(['hosts'], each(['aliases'], each(['api', 'app', 'ui'], { items })));

const PAGE_HOST = 'Only with `hosts.ui`: the page has the host of the app, and its certificate.';

const SPEC = [
  // The function's own schema leaves it out: the code says better what is missing.
  when(has('role', { const: 'compute' }), COMPUTE, { required: ['tls'] }),
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
        ASKING_ANNOTATIONS,
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
      each(['hosts'], each(['api', 'app', 'ui'], PUBLIC_HOST)),
      aliases({ ...PUBLIC_HOST, ...each(['host'], PUBLIC_HOST) }),
      unless(bothHosts, each(['domain'], PUBLIC_HOST)),
    ],
  }),
  unless(has('hosts', { required: ['ui'] }), {
    allOf: [
      each(['hosts'], each(['aliases'], each(['ui'], refused(PAGE_HOST)))),
      each(['tls'], each(['secrets'], each(['ui'], refused(PAGE_HOST)))),
    ],
  }),
  // `api.` and `app.` stand before it, unless both hosts are named.
  unless(bothHosts, each(['domain'], { maxLength: 249 })),
];

const makesOrUses = unless({ required: ['parentRefs'] }, { required: ['className'] });
const ownGateways = (keywords: Keywords) => each(['api', 'app'], each(['gateway'], keywords));

/** An entry's Gateway takes from that of both what it lacks, unless the two are of different forms. */
const ENTRIES = [
  each(['gateway'], makesOrUses),
  unless({ required: ['gateway'] }, ownGateways(makesOrUses)),
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
  'HostAliases/properties/api': { uniqueItems: true },
  'HostAliases/properties/app': { uniqueItems: true },
  Tls: { allOf: TLS },
  Entries: { allOf: ENTRIES },
  GatewayEntry: when(
    { required: ['parentRefs'] },
    each(
      ONLY_WHEN_MADE,
      refused('For a Gateway that is made, and `parentRefs` uses one that exists: not both.'),
    ),
  ),
  'Cors/properties/allowOrigins': { uniqueItems: true },
  'Cors/properties/allowHeaders': { uniqueItems: true },
};
