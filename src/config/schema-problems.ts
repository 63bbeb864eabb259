/**
 * What the schema says about a config, in words. The only module that loads the compiled validator.
 *
 * ajv names the place and the keyword; the words come from the schema itself: its lists of keys and values, and the
 * descriptions of its definitions.
 */
import { fromPointer, getIn } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import validate from './generated/validate.js';
import { expectation, lowerFirst, resolve, schema, schemaAt } from './schema.ts';
import { type Finding, valueWords } from './schema-words.ts';
import { type ConfigProblem, code, either, nearest, quote } from './wording.ts';

/** Pointers say `0` for an item; paths of people say `[0]`. */
function toKeys(config: unknown, names: readonly string[]): (string | number)[] {
  return names.map((name, index) =>
    Array.isArray(getIn(config, names.slice(0, index))) ? Number(name) : name,
  );
}

const KEYWORD_ORDER = Object.keys(valueWords);

/** The key that an unknown one is probably meant for. */
function meantKey({ error, node }: Finding): string | undefined {
  const key = error.params.additionalProperty;
  return typeof key === 'string' ? nearest(key, Object.keys(node.properties ?? {})) : undefined;
}

function unknownKey(finding: Finding): ConfigProblem {
  const { error, keys, node } = finding;
  const key = String(error.params.additionalProperty);
  const known = Object.keys(node.properties ?? {});
  const near = meantKey(finding);
  return {
    code: 'config-unknown-key',
    path: toPath([...keys, key]),
    message: `${code(key)} is not a key of ${keys.length === 0 ? 'a DomainConfig' : code(toPath(keys))}`,
    found: code(key),
    expected: either(known.map(code)),
    fix: near
      ? `write ${code(near)} instead of ${code(key)}`
      : 'remove it, or move it to where it belongs',
  };
}

function missingKey({ error, keys, node }: Finding): ConfigProblem {
  const key = String(error.params.missingProperty);
  const path = toPath([...keys, key]);
  const wanted = resolve(node.properties?.[key]);
  const description = node.properties?.[key]?.description ?? wanted?.description ?? '';
  const expected = wanted && expectation(wanted);
  return {
    code: 'config-required',
    path,
    message: `${code(path)} is missing`,
    ...(expected ? { expected } : {}),
    fix: `add it: ${lowerFirst(description)}`,
  };
}

function badKeyName({ error, keys, path }: Finding): ConfigProblem {
  const key = String(error.params.propertyName);
  return {
    code: 'config-value',
    path: toPath([...keys, key]),
    message: `a key of ${code(path)} has a spelling that Kubernetes refuses`,
    found: quote(key),
    expected: lowerFirst(schema.definitions?.QualifiedName?.description ?? ''),
    fix: 'write a key that fits, for instance `example.com/name`',
  };
}

function badValue(finding: Finding): ConfigProblem {
  const { path, node, value } = finding;
  const words = valueWords[finding.error.keyword];
  const expected = words?.expected?.(node) ?? expectation(node);
  return {
    code: 'config-value',
    path,
    message: `${code(path)} ${words?.is ?? 'does not fit the schema'}`,
    found: quote(value),
    ...(expected ? { expected } : {}),
    fix: words?.fix(finding) ?? 'write a value that fits',
  };
}

/** Keywords about keys; all others are about a value. */
const KEY_PROBLEMS: Readonly<Record<string, (finding: Finding) => ConfigProblem>> = {
  additionalProperties: unknownKey,
  required: missingKey,
  propertyNames: badKeyName,
};

/**
 * `apiVersion` and `kind` have messages of their own; errors about a key's own spelling come
 * once more as `propertyNames`.
 */
function isReportedElsewhere({ error, keys, value }: Finding): boolean {
  const place = keys.length === 0 ? error.params.missingProperty : keys[0];
  if (place === 'apiVersion' || place === 'kind') return true;
  return (
    (error.keyword === 'pattern' || error.keyword === 'maxLength') && typeof value !== 'string'
  );
}

/** What the schema refuses: unknown keys, missing ones, and one problem for each value. Never throws. */
export function schemaProblems(config: unknown): ConfigProblem[] {
  if (validate(config)) return [];
  const findings = (validate.errors ?? []).map((error): Finding => {
    const names = fromPointer(error.instancePath);
    const keys = toKeys(config, names);
    const node = schemaAt(names) ?? {};
    return { error, keys, path: toPath(keys), value: getIn(config, names), node };
  });
  // A field under another spelling is not missing as well.
  const meant = findings.map((one) => toPath([...one.keys, meantKey(one) ?? '']));
  const isMeant = ({ error, keys }: Finding) =>
    error.keyword === 'required' &&
    meant.includes(toPath([...keys, String(error.params.missingProperty)]));
  const reported = findings.filter((one) => !isReportedElsewhere(one) && !isMeant(one));
  const rank = ({ error }: Finding) => KEYWORD_ORDER.indexOf(error.keyword);
  const best = new Map<string, number>();
  for (const finding of reported.filter((one) => rank(one) >= 0))
    best.set(finding.path, Math.min(rank(finding), best.get(finding.path) ?? KEYWORD_ORDER.length));
  return reported
    .filter((finding) => rank(finding) < 0 || rank(finding) === best.get(finding.path))
    .map((finding) => (KEY_PROBLEMS[finding.error.keyword] ?? badValue)(finding));
}
