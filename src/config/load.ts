/** From the text or the object of a DomainConfig to settings, or to everything that is wrong with it. */
import { type Problem, printable } from '../errors.ts';
import { isObject } from '../yaml/json.ts';
import { encodingProblemOf } from '../yaml/utf8.ts';
import { countDocuments, parseConfigYaml, type SyntaxProblem } from '../yaml/yaml.ts';
import { isCompute } from './check-role.ts';
import type { DomainConfig } from './generated/domain-config.ts';
import { meaningProblems } from './meaning.ts';
import { isTooDeepText, isTree } from './nesting.ts';
import { present, textAt, textsAt } from './partial.ts';
import { schemaProblems } from './schema-problems.ts';
import { resolveSettings, type Settings } from './settings.ts';
import { type ConfigProblem, code, quote } from './wording.ts';

/** The one version that is read. */
export const CONFIG_API_VERSION = 'network.michelangelo.api/v1alpha1';
/** The kind of the one resource that the function is configured by. */
export const CONFIG_KIND = 'DomainConfig';
const HEADER = { apiVersion: CONFIG_API_VERSION, kind: CONFIG_KIND };

/** Either a config with its settings and no problem, or no config and at least one. */
export type LoadedConfig =
  | { config: DomainConfig; settings: Settings; problems: []; absent?: undefined; role?: undefined }
  | {
      config?: undefined;
      settings?: undefined;
      problems: [Problem, ...Problem[]];
      /** `spec.absent`, where the object is a DomainConfig at all: its roles can be looked for in spite of the problems. */
      absent?: ReadonlySet<string>;
      /** The side that it says it is for. */
      role?: Settings['role'];
    };

type Fault = Omit<ConfigProblem, 'path'> & { path?: string };

const nesting: SyntaxProblem = {
  line: 1,
  column: 1,
  what: 'an alias that contains itself, or nesting without end',
};

function refuse(faults: readonly Fault[], name?: string): LoadedConfig {
  const place = name ? { resource: { ...HEADER, name: printable(name) } } : {};
  const problems = faults.map((fault): Problem => ({ ...fault, severity: 'error', ...place }));
  return { problems: problems as [Problem, ...Problem[]] };
}

const MINIMAL = `apiVersion: ${CONFIG_API_VERSION}
kind: ${CONFIG_KIND}
metadata:
  name: production
spec:
  domain: ml.example.com
  tls:
    mode: secret`;

const missing: Fault = {
  code: 'config-missing',
  message: 'the config is empty',
  found: 'nothing but white space and comments',
  expected: `a ${CONFIG_KIND}`,
  fix: 'write at least this:',
  example: MINIMAL,
};

function syntaxFault({ line, column, what }: SyntaxProblem): Fault {
  return {
    code: 'config-syntax',
    message: `the config is not well-formed YAML: ${what} at line ${line}, column ${column}`,
    expected: 'one YAML document',
    fix: 'fix that line; below kustomize lines are counted in its own sorted copy, without comments',
  };
}

const severalDocuments = (count: number): Fault => ({
  code: 'config-syntax',
  message: `the config has ${count} YAML documents`,
  expected: 'one document',
  fix: 'keep one, and put the others into files of their own: one config for each overlay',
});

/** Something that is no DomainConfig at all; the problems of its fields would mean nothing. */
function foreignKind(config: unknown): Fault | undefined {
  const kind = textAt(config, 'kind');
  const apiVersion = textAt(config, 'apiVersion');
  const expected = `apiVersion: ${CONFIG_API_VERSION}, kind: ${CONFIG_KIND}`;
  if (!isObject(config))
    return {
      code: 'config-kind',
      message: `the config is not a ${CONFIG_KIND}`,
      found: quote(config),
      expected,
      fix: 'write it as a map that begins with these two keys:',
      example: MINIMAL,
    };
  const ours = kind === CONFIG_KIND || apiVersion === CONFIG_API_VERSION;
  const nothing = !present(config, 'kind') && !present(config, 'apiVersion');
  if (ours || (nothing && present(config, 'spec'))) return undefined;
  const isConfigMap = kind === 'ConfigMap' && apiVersion === 'v1';
  return {
    code: 'config-kind',
    message: isConfigMap
      ? `the config is a ConfigMap, and this function reads a ${CONFIG_KIND}`
      : `the config is not a ${CONFIG_KIND}`,
    found: `apiVersion: ${quote(config.apiVersion)}, kind: ${quote(config.kind)}`,
    expected,
    fix: isConfigMap
      ? `with kpt, put the ${CONFIG_KIND} into a file and name it in \`configPath\` (or \`--fn-config\`) instead of \`configMap\``
      : `hand over the file that holds the ${CONFIG_KIND}`,
  };
}

function checkHeader(config: unknown): ConfigProblem[] {
  return Object.entries(HEADER)
    .filter(([key, expected]) => textAt(config, key) !== expected)
    .map(([key, expected]) => ({
      code: 'config-kind',
      path: key,
      message: present(config, key)
        ? `${code(key)} is not that of a ${CONFIG_KIND} that this version reads`
        : `${code(key)} is missing`,
      found: quote(isObject(config) ? config[key] : undefined),
      expected: code(expected),
      fix: `write ${code(`${key}: ${expected}`)}`,
    }));
}

/**
 * Checks a config that is parsed already, for instance the `functionConfig` of a ResourceList. All problems come at once,
 * those of shape first. Never throws.
 */
export function checkConfig(json: unknown): LoadedConfig {
  if (json === undefined || json === null) return refuse([missing]);
  if (!isTree(json)) return refuse([syntaxFault(nesting)]);
  const foreign = foreignKind(json);
  if (foreign !== undefined) return refuse([foreign]);
  const faults = [...checkHeader(json), ...schemaProblems(json), ...meaningProblems(json)];
  if (faults.length > 0) {
    const refused = refuse(faults, textAt(json, 'metadata.name'));
    // With a list that is wrong itself nobody can say which roles are meant to be there.
    if (faults.some(({ path }) => path?.startsWith('spec.absent'))) return refused;
    const absent = new Set(textsAt(json, 'spec.absent').map(({ value }) => value));
    const role = isCompute(json) ? 'compute' : 'control-plane';
    return { ...refused, absent, role } as LoadedConfig;
  }
  const config = json as unknown as DomainConfig;
  return { config, settings: resolveSettings(config), problems: [] };
}

/** The same from bytes, which have to be UTF-8. */
export function loadConfigBytes(bytes: Buffer): LoadedConfig {
  const problem = encodingProblemOf(bytes);
  return problem ? refuse([syntaxFault(problem)]) : loadConfig(bytes.toString('utf8'));
}

/** Reads and checks a config from YAML text. All problems come at once. Never throws. */
export function loadConfig(text: string): LoadedConfig {
  if (isTooDeepText(text)) return refuse([syntaxFault(nesting)]);
  const { json, problems } = parseConfigYaml(text);
  if (problems.length === 0) return checkConfig(json);
  const count = countDocuments(text);
  if (count > 1) return refuse([severalDocuments(count)]);
  return refuse(problems.map(syntaxFault));
}
