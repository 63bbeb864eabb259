/** What a new environment needs to know: from flags, and on a terminal from questions. */
import { shellWord } from '../../foreign-text.ts';
import type { Json, JsonObject } from '../../yaml/json.ts';
import { parseYaml } from '../../yaml/yaml.ts';
import { UsageError } from '../io.ts';
import type { Asker } from '../questions.ts';
import { fieldValue, type Known } from './ask-field.ts';
import type { Layout } from './layouts.ts';
import { isOpen, QUESTIONS } from './questions.ts';
import { type FieldValue, parseField, withFields } from './spec-fields.ts';

/** The flags that become fields. */
export interface AnswerOptions {
  domain?: string;
  layout?: Layout;
  uiHost?: string;
  tlsMode?: string;
  email?: string;
  acmeServer?: string;
  port?: string;
  controller?: string;
  gatewayClass?: string;
  /** `FIELD=VALUE`, any field. */
  set: readonly string[];
}

/** The flag of each field that has one. */
const FLAGS: readonly [path: string, flag: string, key: keyof AnswerOptions][] = [
  ['domain', '--domain', 'domain'],
  ['hosts.ui', '--ui-host', 'uiHost'],
  ['tls.mode', '--tls-mode', 'tlsMode'],
  ['tls.acme.email', '--email', 'email'],
  ['tls.acme.server', '--acme-server', 'acmeServer'],
  ['port', '--port', 'port'],
  ['entry.ingress.controller', '--controller', 'controller'],
  ['entry.gateway.className', '--gateway-class', 'gatewayClass'],
];

/** The fields that flags set, in the order in which they apply. Throws where two flags exclude each other. */
export function fieldsFromFlags(options: AnswerOptions): FieldValue[] {
  if (options.controller !== undefined && options.gatewayClass !== undefined)
    throw new UsageError(
      '--controller and --gateway-class exclude each other',
      `leave one of them out; where both are to serve side by side: --controller ${shellWord(options.controller)} --set ${shellWord(`entry.gateway.className=${options.gatewayClass}`)}`,
    );
  if (options.uiHost !== undefined && (options.layout ?? 'own-hosts') !== 'own-hosts')
    throw new UsageError(
      `--ui-host has no meaning with --layout ${options.layout}: the page has the host of its calls there`,
      'leave one of them out, or choose --layout own-hosts',
    );
  const own = FLAGS.flatMap(([path, , key]): FieldValue[] => {
    const value = options[key];
    if (typeof value !== 'string') return [];
    return [[path, fieldValue(path, value)]];
  });
  return [...own, ...options.set.map(parseField)];
}

/** The words that give these fields again, the last value of each. */
export function flagsOf(fields: readonly FieldValue[]): string[] {
  return [...new Map(fields)].flatMap(([path, value]) => {
    const flag = FLAGS.find(([known]) => known === path)?.[1];
    const isPlain = typeof value === 'string' || (path === 'port' && typeof value === 'number');
    if (flag !== undefined && isPlain) return [flag, String(value)];
    return ['--set', `${path}=${yamlOf(value)}`];
  });
}

/** A value as `--set` reads it. */
function yamlOf(value: Json): string {
  const isAsItIs = typeof value === 'string' && parseYaml(value).json === value;
  return isAsItIs ? value : JSON.stringify(value);
}

/** The flags that would answer what is left open. */
export function openFlags(spec: JsonObject, layout: Layout | undefined): string[] {
  return QUESTIONS.filter((question) => !question.isOptional && isOpen(question, spec, layout)).map(
    ({ flags }) => flags,
  );
}

/** Asks what is open; the fields that were given, and then those that were answered. */
export async function completeFields(
  known: Omit<Known, 'spec'>,
  given: readonly FieldValue[],
  asker: Asker,
): Promise<FieldValue[]> {
  const fields = [...given];
  for (const question of QUESTIONS) {
    const spec = withFields({}, fields);
    if (isOpen(question, spec, known.layout?.layout))
      fields.push(...(await question.ask(asker, { ...known, spec })));
  }
  return fields;
}

/** Throws where flags are missing, all at once. */
export function requireAnswers(missing: readonly string[]): void {
  if (missing.length === 0) return;
  throw new UsageError(
    `not enough is known, and there is no terminal to ask on: ${missing.join('; ')}`,
    'give these flags; `ma-overlays new --help` shows them all',
  );
}
