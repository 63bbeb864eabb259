/**
 * `environment.yaml` beside a kustomization: where an environment runs and how it gets there, for argocd/. kustomize does not
 * read it, and neither does the function. One file that cannot be read stops the ApplicationSet for all environments.
 */
import { lstatSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { code, either, nearest, quote } from '../config/wording.ts';
import { readRegularFile, UnreadableFile } from '../read-file.ts';
import { isObject, type Json } from '../yaml/json.ts';
import { locate } from '../yaml/locate.ts';
import { type ParsedYaml, parseYaml, printYaml } from '../yaml/yaml.ts';
import { type BuildProblem, buildError } from './kustomize/build-problem.ts';

/** Its name, in the folder of the overlay. */
export const ENVIRONMENT_FILE = 'environment.yaml';

/** Its JSON Schema, from the project's folder. */
export const ENVIRONMENT_SCHEMA = 'argocd/environment.schema.json';

/** What the file says. All of it is required: the ApplicationSet has no defaults. */
export interface Environment {
  /** What Argo CD calls the cluster: `in-cluster` is the one that it runs in. */
  cluster: string;
  namespace: string;
  /** Environments of one stage are synced together, one stage after the other. */
  stage: string;
  /** `manual` waits for a person. */
  sync: 'auto' | 'manual';
}

/** What each key takes. Texts are names of Kubernetes objects or values of labels, in the ApplicationSet. */
const FIELDS: Readonly<Record<keyof Environment, { form: RegExp; expected: string; why: string }>> =
  {
    cluster: {
      form: /^\S+$/,
      expected: "a cluster's name in Argo CD, such as `in-cluster`",
      why: 'What Argo CD calls the cluster: `argocd cluster list`. in-cluster is the one that it runs in.',
    },
    namespace: {
      form: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
      expected: 'the name of a namespace',
      why: 'That of kustomization.yaml.',
    },
    stage: {
      form: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
      expected: 'a label: lower-case letters, digits and hyphens, 63 at most',
      why: 'Stages are synced one after the other: dev, staging, then every other.',
    },
    sync: {
      form: /^(auto|manual)$/,
      expected: '`auto` or `manual`',
      why: 'auto: as soon as it is committed and the stages before are healthy. manual: when a person says so.',
    },
  };
const KEYS = Object.keys(FIELDS) as (keyof Environment)[];

/** The file's text, with a comment for each key. */
export function environmentText(environment: Environment, schema: string | undefined): string {
  return [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}\n`]),
    '# Where this environment runs: read by argocd/, not by kustomize.\n',
    ...KEYS.map((key) => `# ${FIELDS[key].why}\n${printYaml({ [key]: environment[key] })}`),
  ].join('');
}

/**
 * The cluster that an overlay's file names, and everything that is wrong with it; neither where it has none.
 * @param manifests - what the overlay builds
 */
export function environmentOf(
  overlay: string,
  manifests: Buffer,
  cwd: string,
): { cluster?: string; problems: BuildProblem[] } {
  const path = join(resolve(cwd, overlay), ENVIRONMENT_FILE);
  const file = relative(cwd, path);
  if (!lstatSync(path, { throwIfNoEntry: false })) return { problems: [] };
  let text: string;
  try {
    text = readRegularFile(path, { within: cwd }).toString('utf8');
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const fix = 'make it a file of this project';
    return { problems: [buildError('environment-file', error.message, fix, { file })] };
  }
  const { environment, problems } = readEnvironment(text, file);
  if (!environment) return { problems };
  const { cluster, namespace } = environment;
  if (hasNamespace(manifests, namespace)) return { cluster, problems };
  const warning: BuildProblem = {
    code: 'environment-namespace',
    severity: 'warning',
    message: `${file}: no resource of ${overlay} is in namespace ${namespace}`,
    ...placeOf(parseYaml(text), file, 'namespace'),
    fix: 'write the namespace that kustomization.yaml sets',
  };
  return { cluster, problems: [...problems, warning] };
}

/** Reads the text of such a file; either the environment or what is wrong with it, all at once. */
export function readEnvironment(
  text: string,
  file: string,
): { environment?: Environment; problems: BuildProblem[] } {
  const parsed = parseYaml(text);
  const { json, problems: faults } = parsed;
  const [fault] = faults;
  if (fault)
    return {
      problems: [
        buildError(
          'environment-file',
          `the environment is not well-formed YAML: ${fault.what}`,
          'correct that line',
          { file, line: fault.line, column: fault.column },
        ),
      ],
    };
  if (!isObject(json))
    return {
      problems: [
        buildError('environment-file', `${file} is not a map`, `write ${either(KEYS, 'and')}`, {
          file,
          found: quote(json),
        }),
      ],
    };
  const problems = [
    ...Object.keys(json)
      .filter((key) => !Object.hasOwn(FIELDS, key))
      .map((key) => unknownKey(key, parsed, file)),
    ...KEYS.flatMap((key) => valueFault(key, json[key], parsed, file)),
  ];
  return problems.length > 0
    ? { problems }
    : { environment: json as unknown as Environment, problems };
}

function unknownKey(key: string, parsed: ParsedYaml, file: string): BuildProblem {
  const near = nearest(key, KEYS);
  return buildError(
    'environment-file',
    `${code(key)} is not a key of an environment`,
    near ? `write ${code(near)} instead of ${code(key)}` : 'remove it',
    { ...placeOf(parsed, file, key), expected: either(KEYS.map(code)) },
  );
}

function valueFault(
  key: keyof Environment,
  value: Json | undefined,
  parsed: ParsedYaml,
  file: string,
): BuildProblem[] {
  const { form, expected } = FIELDS[key];
  if (value === undefined)
    return [
      buildError('environment-file', `${code(key)} is missing`, `add ${code(`${key}: …`)}`, {
        file,
        expected,
      }),
    ];
  if (typeof value === 'string' && form.test(value)) return [];
  return [
    buildError('environment-file', `${code(key)} has a value that it cannot have`, 'correct it', {
      ...placeOf(parsed, file, key),
      found: quote(value),
      expected,
    }),
  ];
}

function placeOf(parsed: ParsedYaml, file: string, path: string): Partial<BuildProblem> {
  return { file, path, ...locate(parsed, path) };
}

/** Whether something is in a namespace, or nothing says where it is. kustomize indents by two. */
function hasNamespace(manifests: Buffer, namespace: string): boolean {
  const found = [...manifests.toString().matchAll(/^ {2}namespace: "?([^\s"]+)"?$/gm)];
  return found.length === 0 || found.some(([, name]) => name === namespace);
}
