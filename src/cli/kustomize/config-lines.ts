/** Where in its file a DomainConfig says what a problem is about: the function sees a copy, and does not know the file. */
import { resolve } from 'node:path';
import type { FilePlace, Problem } from '../../errors.ts';
import { readTextIfRegular } from '../../read-file.ts';
import type { FunctionCall } from '../../report/call.ts';
import { stringAt } from '../../yaml/json.ts';
import { locate } from '../../yaml/locate.ts';
import { type ParsedYaml, parseConfigYaml } from '../../yaml/yaml.ts';
import { type ConfigPlace, configPlaces } from './config-places.ts';

/** The calls of a build, with file, line and column at each problem that is about its DomainConfig. */
export function withConfigLines(
  calls: readonly FunctionCall[],
  places: readonly ConfigPlace[],
  cwd: string,
): FunctionCall[] {
  return calls.map((call): FunctionCall => {
    const { problems, accepted } = call.result;
    if (problems.length + accepted.length === 0) return call;
    const place = placeOfConfig(call, places);
    const text = place && readTextIfRegular(resolve(cwd, place.file));
    if (place === undefined || text === undefined) return call;
    const all = [...problems, ...accepted.map(({ problem }) => problem)];
    const located = locatedIn(place, text, all.filter(isOfConfig));
    const inFile = all.map((problem) =>
      isOfConfig(problem) ? (located.shift() ?? problem) : problem,
    );
    return {
      ...call,
      result: {
        ...call.result,
        problems: inFile.slice(0, problems.length),
        accepted: accepted.map((one, index) => ({
          ...one,
          problem: inFile[problems.length + index] ?? one.problem,
        })),
      },
    };
  });
}

/** The place of the DomainConfig that a call was made for; undefined where several can be meant. */
function placeOfConfig(
  { loaded }: FunctionCall,
  places: readonly ConfigPlace[],
): ConfigPlace | undefined {
  const transforming = places.filter(({ field }) => field === 'transformers');
  const name = loaded.config?.metadata.name ?? loaded.problems[0]?.resource?.name;
  const named = transforming.filter(({ json }) => stringAt(json, ['metadata', 'name']) === name);
  const [first, ...others] = named.length > 0 ? named : transforming;
  return others.every(({ file }) => file === first?.file) ? first : undefined;
}

/**
 * Where a field stands in the DomainConfig that a call was made for, or what is around it there. `key` is that of what follows from the
 * field, which a field below it may have as well: `server` below `spec.tls.acme`; or empty.
 */
export type FieldPlaces = (call: FunctionCall, field: string, key: string) => FilePlace | undefined;

/** Of one overlay: whatever it is built from is read once, and not before it is asked for. */
export function fieldPlacesOf(overlay: string, cwd: string): FieldPlaces {
  let places: ConfigPlace[] | undefined;
  const files = new Map<string, ParsedYaml | undefined>();
  const parse = (file: string) => {
    if (!files.has(file)) {
      const text = readTextIfRegular(resolve(cwd, file));
      files.set(file, text === undefined ? undefined : parseConfigYaml(text));
    }
    return files.get(file);
  };
  return (call, field, key) => {
    places ??= configPlaces(overlay, cwd);
    const place = placeOfConfig(call, places);
    const parsed = place && parse(place.file);
    if (!parsed) return undefined;
    const found = locate(parsed, pathIn(place, key === '' ? field : `${field}[${key}]`));
    return { file: place.file, ...found };
  };
}

function pathIn({ at = '' }: Pick<ConfigPlace, 'at'>, path = 'kind'): string {
  return [at, path].filter(Boolean).join('.');
}

function isOfConfig({ resource, path }: Problem): boolean {
  return resource ? resource.kind === 'DomainConfig' : path?.startsWith('spec.') === true;
}

/** Problems of a DomainConfig with their lines in its file. */
export function locatedIn<Code extends string>(
  { file, at }: Pick<ConfigPlace, 'file' | 'at'>,
  text: string,
  problems: readonly Problem<Code>[],
): Problem<Code>[] {
  const parsed = parseConfigYaml(text);
  const faults = [...parsed.problems];
  return problems.map((problem) => {
    const syntax = problem.code === 'config-syntax' ? faults.shift() : undefined;
    const place = syntax
      ? { line: syntax.line, column: syntax.column }
      : parsed.problems.length === 0 && locate(parsed, pathIn({ at }, problem.path));
    const fix = syntax ? 'correct that line' : problem.fix;
    return { ...problem, file, ...(place || {}), fix };
  });
}
