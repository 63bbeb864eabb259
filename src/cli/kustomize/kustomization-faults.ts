/**
 * What is wrong in the files that an overlay is built from, in words of our own: its kustomizations, those that they list, and its
 * DomainConfigs. kustomize says of most of it that it expected a file with a Go object code.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { loadConfigBytes } from '../../config/load.ts';
import { code, nearest } from '../../config/wording.ts';
import { readIfRegular, readTextIfRegular } from '../../read-file.ts';
import { asText, isObject, type JsonObject } from '../../yaml/json.ts';
import { parseYamlOnce } from '../../yaml/lately-read.ts';
import { locate } from '../../yaml/locate.ts';
import { encodingProblemOf } from '../../yaml/utf8.ts';
import { countDocuments, type ParsedYaml } from '../../yaml/yaml.ts';
import { isFile, KUSTOMIZATION_FILES, kustomizationFile } from '../overlays.ts';
import { type BuildProblem, buildError } from './build-problem.ts';
import { locatedIn } from './config-lines.ts';
import { isPluginField, LIST_FIELDS, type ListEntry, listEntries } from './kustomization.ts';

/** Source: kustomize, api/types/kustomization.go, with the fields that are deprecated. */
const FIELDS = [
  ...['apiVersion', 'kind', 'metadata', 'openapi', 'namePrefix', 'nameSuffix', 'namespace'],
  ...['commonLabels', 'labels', 'commonAnnotations', 'patchesStrategicMerge', 'patchesJson6902'],
  ...['patches', 'images', 'imageTags', 'replacements', 'replicas', 'vars', 'sortOptions'],
  ...['resources', 'components', 'crds', 'bases', 'configMapGenerator', 'secretGenerator'],
  ...['helmGlobals', 'helmCharts', 'helmChartInflationGenerator', 'generatorOptions'],
  ...['configurations', 'generators', 'transformers', 'validators', 'buildMetadata'],
];
const VERSION = /^kustomize\.config\.k8s\.io\/v1(?:alpha1|beta1)?$/;
/** What kustomize fetches, or may. */
const REMOTE = /:|\?|\/\/|@|\.git\b|^github\.com/;

/** Everything that can be seen without building; empty where only kustomize knows. */
export function kustomizationFaults(overlay: string, cwd: string): BuildProblem[] {
  const problems: BuildProblem[] = [];
  const seen = new Set<string>();
  const walk = (folder: string): void => {
    const file = kustomizationFile(folder);
    if (!file || seen.has(file)) return;
    seen.add(file);
    const shown = relative(cwd, file);
    const text = readTextIfRegular(file);
    if (text === undefined) return;
    const parsed = parseYamlOnce(text);
    problems.push(...syntaxFaults(parsed, shown));
    const { json } = parsed;
    if (!isObject(json)) return;
    problems.push(...headFaults(parsed, json, shown), ...fieldFaults(parsed, json, shown));
    for (const entry of listEntries(json, folder)) {
      const { field, path } = entry;
      if (isFile(path)) {
        if (isPluginField(field) && !seen.has(path)) problems.push(...configProblems(path, cwd));
        seen.add(path);
      } else if (kustomizationFile(path)) walk(path);
      else if (existsSync(path)) problems.push(...folderAlone(entry, parsed, shown));
      else problems.push(...missing(entry, parsed, shown));
    }
  };
  walk(resolve(cwd, overlay));
  return problems;
}

/** Of an entry where nothing is: neither something to fetch nor the config of a plugin. */
function missing({ at, path, text }: ListEntry, parsed: ParsedYaml, file: string): BuildProblem[] {
  if (REMOTE.test(text) || text.includes('\n')) return [];
  const near = nearest(basename(text), namesIn(dirname(path)));
  return [
    buildError(
      'file-missing',
      `${code(text)} is listed, and is not there`,
      near === undefined
        ? 'correct the path, or remove the line'
        : `write ${code(join(dirname(text), near))}`,
      { file, path: at, ...locate(parsed, at) },
    ),
  ];
}

function folderAlone({ at, text }: ListEntry, parsed: ParsedYaml, file: string): BuildProblem[] {
  return [
    buildError(
      'file-missing',
      `${code(text)} is a folder without a kustomization.yaml`,
      'name the files in it, or list them in a kustomization.yaml there',
      { file, path: at, ...locate(parsed, at) },
    ),
  ];
}

/** What an entry can mean: a kustomization is listed by its folder. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !KUSTOMIZATION_FILES.includes(name));
  } catch {
    return [];
  }
}

function syntaxFaults({ problems, text }: ParsedYaml, file: string): BuildProblem[] {
  const fault = 'kustomization-syntax';
  if (problems.length === 0 && countDocuments(text) === 0)
    return [
      buildError(fault, 'the kustomization is empty', 'list at least one of its `resources`', {
        file,
      }),
    ];
  return problems.map(({ line, column, what }) =>
    buildError(fault, `the kustomization is not well-formed YAML: ${what}`, 'correct that line', {
      file,
      line,
      column,
    }),
  );
}

/** What says that the file is a kustomization, where that is written: both keys may be left out. */
function headFaults(parsed: ParsedYaml, json: JsonObject, file: string): BuildProblem[] {
  const at = (path: string) => ({ file, path, ...locate(parsed, path) });
  const { kind, apiVersion } = json;
  const problems: BuildProblem[] = [];
  if (kind !== undefined && kind !== 'Kustomization' && kind !== 'Component')
    problems.push(
      buildError(
        'kustomization-kind',
        `the kind of this file is ${code(asText(kind))}`,
        'write `kind: Kustomization`, or leave it out',
        at('kind'),
      ),
    );
  if (apiVersion !== undefined && !VERSION.test(asText(apiVersion)))
    problems.push(
      buildError(
        'kustomization-kind',
        `the version of this file is ${code(asText(apiVersion))}`,
        'write `apiVersion: kustomize.config.k8s.io/v1beta1`, or leave it out',
        at('apiVersion'),
      ),
    );
  return problems;
}

/** Keys that kustomize does not know, and lists that are none. */
function fieldFaults(parsed: ParsedYaml, json: JsonObject, file: string): BuildProblem[] {
  const at = (path: string) => ({ file, path, ...locate(parsed, path) });
  const problems: BuildProblem[] = [];
  for (const key of Object.keys(json)) {
    if (FIELDS.some((field) => field.toLowerCase() === key.toLowerCase())) continue;
    const near = nearest(key, FIELDS);
    problems.push(
      buildError(
        'kustomization-field',
        `kustomize has no field ${code(key)}`,
        near ? `write ${code(near)}` : 'remove it',
        at(key),
      ),
    );
  }
  for (const field of LIST_FIELDS)
    if (json[field] !== undefined && json[field] !== null && !Array.isArray(json[field]))
      problems.push(
        buildError(
          'kustomization-field',
          `${code(field)} is not a list`,
          `write each entry of ${code(field)} on a line of its own, behind \`- \``,
          at(field),
        ),
      );
  return problems;
}

/** Problems of a file that holds a DomainConfig, or that nothing else can be meant to be. */
function configProblems(path: string, cwd: string): BuildProblem[] {
  const file = relative(cwd, path);
  const bytes = readIfRegular(path);
  if (!bytes) return [];
  const text = bytes.toString('utf8');
  const isNamed = /DomainConfig|network\.michelangelo\.api/i.test(text);
  return isNamed || !mayBeOthers(bytes, text)
    ? locatedIn({ file }, text, loadConfigBytes(bytes).problems)
    : [];
}

function mayBeOthers(bytes: Buffer, text: string): boolean {
  return (
    encodingProblemOf(bytes) !== undefined ||
    countDocuments(text) > 1 ||
    isObject(parseYamlOnce(text).json)
  );
}
