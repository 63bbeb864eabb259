/** What a new environment needs to know: from flags, and on a terminal from questions. */
import { TLS_MODES } from '../../config/check-tls.ts';
import { checkConfig } from '../../config/load.ts';
import { present, textAt } from '../../config/partial.ts';
import type { TlsMode } from '../../config/settings.ts';
import { CONTROLLERS } from '../../controllers/index.ts';
import { printed } from '../../errors.ts';
import { shellWord } from '../../foreign-text.ts';
import type { JsonObject } from '../../yaml/json.ts';
import { UsageError } from '../io.ts';
import type { Asker } from '../questions.ts';
import { domainConfig } from './domain-file.ts';
import { type FieldValue, parseField, withFields } from './spec-fields.ts';

/** The flags that become fields. */
export interface AnswerOptions {
  domain?: string;
  uiHost?: string;
  tlsMode?: string;
  email?: string;
  acmeServer?: string;
  controller?: string;
  gatewayClass?: string;
  /** `FIELD=VALUE`, any field. */
  set: readonly string[];
}

/** The fields that flags set, in the order in which they apply. Throws where two flags exclude each other. */
export function fieldsFromFlags(options: AnswerOptions): FieldValue[] {
  if (options.controller !== undefined && options.gatewayClass !== undefined)
    throw new UsageError(
      '--controller and --gateway-class exclude each other',
      `leave one of them out; where both are to serve side by side: --controller ${shellWord(options.controller)} --set ${shellWord(`entry.gateway.className=${options.gatewayClass}`)}`,
    );
  const rows: [path: string, value: string | undefined][] = [
    ['domain', options.domain],
    ['hosts.ui', options.uiHost],
    ['tls.mode', options.tlsMode],
    ['tls.acme.email', options.email],
    ['tls.acme.server', options.acmeServer],
    ['entry.ingress.controller', options.controller],
    ['entry.gateway.className', options.gatewayClass],
  ];
  const own = rows.filter((row): row is [string, string] => row[1] !== undefined);
  return [...own, ...options.set.map(parseField)];
}

/** The environment as far as it is known. */
interface Draft {
  environment: string;
  spec: JsonObject;
}

type Ask = (asker: Asker, draft: Draft) => Promise<FieldValue[]>;

interface Question {
  /** What gives the answer without a question. */
  flags: string;
  /** The field that holds the answer. */
  path: string;
  /** The only TLS mode in which it is asked; every mode without it. */
  mode?: TlsMode;
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
export const askDomain = askText('domain', 'Parent domain of the two host names', 'ml.example.com');

const QUESTIONS: readonly Question[] = [
  { flags: '--domain', path: 'domain', ask: askDomain },
  {
    flags: '--tls-mode',
    path: 'tls.mode',
    ask: async (asker) => {
      const choices = TLS_MODES.map((value) => ({
        value,
        label: `${value}: ${TLS_MODE_LABELS[value]}`,
      }));
      return [['tls.mode', await asker.select('Who makes the certificates?', choices)]];
    },
  },
  {
    flags: '--email',
    path: 'tls.acme.email',
    mode: 'acme',
    ask: askText(
      'tls.acme.email',
      'Address that the certificate authority writes to',
      'platform@example.com',
    ),
  },
  {
    flags: '--set tls.issuer.name=NAME',
    path: 'tls.issuer.name',
    mode: 'issuer',
    ask: askText(
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
  { flags: '--controller or --gateway-class', path: 'entry', ask: askEntry },
];

function isOpen({ path, mode }: Question, spec: JsonObject): boolean {
  if (mode !== undefined && textAt({ spec }, 'spec.tls.mode') !== mode) return false;
  // Who calls the Service meets no certificate.
  const isNeedless =
    path === 'tls.trust' && textAt({ spec }, 'spec.worker.apiAddress') === 'service';
  return !isNeedless && !present({ spec }, `spec.${path}`);
}

/** The flags that would answer what a spec leaves open. */
export function openFlags(spec: JsonObject): string[] {
  return QUESTIONS.filter((question) => isOpen(question, spec)).map(({ flags }) => flags);
}

/** Asks what is open. */
export async function completeSpec(
  environment: string,
  spec: JsonObject,
  asker: Asker,
): Promise<JsonObject> {
  let current = spec;
  for (const question of QUESTIONS)
    if (isOpen(question, current))
      current = withFields(current, await question.ask(asker, { environment, spec: current }));
  return current;
}

/** Throws where flags are missing, all at once. */
export function requireAnswers(missing: readonly string[]): void {
  if (missing.length === 0) return;
  throw new UsageError(
    `not enough is known, and there is no terminal to ask on: ${missing.join('; ')}`,
    'give these flags; `ma-overlays new --help` shows them all',
  );
}

function askText(path: string, message: string, placeholder: string): Ask {
  return async (asker, draft) => {
    const validate = (text: string) => complaint(draft, path, text);
    return [[path, await asker.text(message, placeholder, validate)]];
  };
}

async function askTrust(asker: Asker, draft: Draft): Promise<FieldValue[]> {
  const answer = await asker.select('How do workers trust this CA when they call the API?', [
    { value: 'service', label: 'they need not: they use the Service in the cluster, without TLS' },
    { value: 'preinstalled', label: 'it is in their images' },
    { value: 'configMap', label: 'a ConfigMap has the bundle' },
  ]);
  if (answer === 'service') return [['worker.apiAddress', 'service']];
  if (answer === 'preinstalled') return [['tls.trust', 'preinstalled']];
  const askName = askText('tls.trust.configMap', 'Name of the ConfigMap', 'ca-bundle');
  const askKey = askText('tls.trust.key', 'Key in it', 'ca-certificates.crt');
  return [...(await askName(asker, draft)), ...(await askKey(asker, draft))];
}

async function askEntry(asker: Asker, draft: Draft): Promise<FieldValue[]> {
  const answer = await asker.select('What lets requests into the cluster?', [
    { value: '', label: 'a Gateway, which is made (Gateway API)' },
    ...Object.entries(CONTROLLERS).map(([value, { title }]) => ({
      value,
      label: value === title ? title : `${value}: ${title}`,
    })),
  ]);
  if (answer !== '') return [['entry.ingress.controller', answer]];
  const path = 'entry.gateway.className';
  return askText(path, 'Its class (`kubectl get gatewayclass`)', 'contour')(asker, draft);
}

/** What is wrong with an answer, on one line; undefined where nothing is. */
function complaint({ environment, spec }: Draft, path: string, answer: string): string | undefined {
  if (answer === '') return 'An answer is needed';
  const config = domainConfig(environment, withFields(spec, [[path, answer]]));
  const problem = checkConfig(config).problems.find((found) => found.path === `spec.${path}`);
  if (problem === undefined) return undefined;
  return printed(`${problem.message}. ${problem.mend}`);
}
