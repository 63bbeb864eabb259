/** The questions about an environment, each with the flag that answers it. */
import { TLS_MODES } from '../../config/check-tls.ts';
import { present, textAt } from '../../config/partial.ts';
import type { TlsMode } from '../../config/settings.ts';
import type { JsonObject } from '../../yaml/json.ts';
import type { Asker } from '../questions.ts';
import { askEntry } from './ask-entry.ts';
import { askField, type Known } from './ask-field.ts';
import { modesFor } from './carried.ts';
import type { Layout } from './layouts.ts';
import type { FieldValue } from './spec-fields.ts';

/** Asks on a terminal, and returns the fields that the answer fills in; none where the default stays. `known` has the answers before it. */
export type Ask = (asker: Asker, known: Known) => Promise<FieldValue[]>;

interface Question {
  /** What gives the answer without a question. */
  flags: string;
  /** The field that holds the answer. */
  path: string;
  /** The only TLS mode in which it is asked; every mode without it. */
  mode?: TlsMode;
  /** The only layout in which it is asked. */
  layout?: Layout;
  /** It has a default: without a terminal nothing has to be said. */
  isOptional?: true;
  ask: Ask;
}

const TLS_MODE_LABELS: Readonly<Record<TlsMode, string>> = {
  acme: "Let's Encrypt or another ACME server, through cert-manager",
  ca: 'your own CA, through cert-manager',
  issuer: 'a cert-manager issuer that exists already',
  secret: 'you make the Secrets',
  external: "TLS ends in front of the cluster's entry",
  none: 'plain HTTP, for a laptop',
};

/** Asks for the domain alone, for an environment that takes the rest from another. */
export const askDomain = askField('domain', 'Parent domain of the host names', 'ml.example.com');

/** In the order in which they are asked: later ones depend on earlier answers. */
export const QUESTIONS: readonly Question[] = [
  { flags: '--domain', path: 'domain', ask: askDomain },
  {
    flags: '--ui-host',
    path: 'hosts.ui',
    layout: 'own-hosts',
    ask: (asker, known) => {
      const domain = textAt(known, 'spec.domain') ?? 'ml.example.com';
      return askField('hosts.ui', 'Host of the page', `studio.${domain}`)(asker, known);
    },
  },
  { flags: '--tls-mode', path: 'tls.mode', ask: askMode },
  {
    flags: '--email',
    path: 'tls.acme.email',
    mode: 'acme',
    ask: askField(
      'tls.acme.email',
      'Address that the certificate authority writes to',
      'platform@example.com',
    ),
  },
  {
    flags: '--acme-server',
    path: 'tls.acme.server',
    mode: 'acme',
    isOptional: true,
    ask: askServer,
  },
  {
    flags: '--set tls.issuer.name=NAME',
    path: 'tls.issuer.name',
    mode: 'issuer',
    ask: askField(
      'tls.issuer.name',
      'Name of the ClusterIssuer (`kubectl get clusterissuer`)',
      'letsencrypt-prod',
    ),
  },
  {
    flags: '--set tls.trust=preinstalled or --set worker.apiAddress=service',
    path: 'tls.trust',
    mode: 'ca',
    ask: askTrust,
  },
  { flags: '--port', path: 'port', isOptional: true, ask: askPort },
  { flags: '--controller or --gateway-class', path: 'entry', ask: askEntry },
];

/** Whether nothing answers a question that has a meaning here. */
export function isOpen(
  { path, mode, layout }: Question,
  spec: JsonObject,
  chosen: Layout | undefined,
): boolean {
  if (mode !== undefined && textAt({ spec }, 'spec.tls.mode') !== mode) return false;
  if (layout !== undefined && chosen !== layout) return false;
  // Who calls the Service meets no certificate.
  const isNeedless =
    path === 'tls.trust' && textAt({ spec }, 'spec.worker.apiAddress') === 'service';
  return !isNeedless && !present({ spec }, `spec.${path}`);
}

async function askMode(asker: Asker, { spec }: Known): Promise<FieldValue[]> {
  const modes = modesFor(TLS_MODES, spec);
  const left = TLS_MODES.filter((mode) => !modes.includes(mode));
  const note = left.length > 0 ? ` (the controller does not carry ${left.join(', ')})` : '';
  const choices = modes.map((value) => ({ value, label: `${value}: ${TLS_MODE_LABELS[value]}` }));
  return [['tls.mode', await asker.select(`Who makes the certificates?${note}`, choices)]];
}

async function askServer(asker: Asker, known: Known): Promise<FieldValue[]> {
  const path = 'tls.acme.server';
  const answer = await asker.select('Which ACME server?', [
    { value: 'production', label: "production: Let's Encrypt, whose certificates are trusted" },
    { value: 'staging', label: "staging: Let's Encrypt's test server, which nobody trusts" },
    { value: '', label: 'another, by its URL' },
  ]);
  if (answer !== '') return [[path, answer]];
  const ask = askField(path, 'URL of its directory', 'https://acme.example.com/directory');
  return ask(asker, known);
}

async function askPort(asker: Asker, known: Known): Promise<FieldValue[]> {
  const usual = textAt(known, 'spec.tls.mode') === 'none' ? '80' : '443';
  const message = `Public port (Enter for ${usual})`;
  return askField('port', message, usual, { isOptional: true })(asker, known);
}

async function askTrust(asker: Asker, known: Known): Promise<FieldValue[]> {
  const answer = await asker.select('How do workers trust this CA when they call the API?', [
    { value: 'service', label: 'they need not: they use the Service in the cluster, without TLS' },
    { value: 'preinstalled', label: 'it is in their images' },
    { value: 'configMap', label: 'a ConfigMap has the bundle' },
  ]);
  if (answer === 'service') return [['worker.apiAddress', 'service']];
  if (answer === 'preinstalled') return [['tls.trust', 'preinstalled']];
  const askName = askField('tls.trust.configMap', 'Name of the ConfigMap', 'ca-bundle');
  const askKey = askField('tls.trust.key', 'Key in it', 'ca-certificates.crt');
  return [...(await askName(asker, known)), ...(await askKey(asker, known))];
}
