/** Envoy's configs in a stream of manifests, apart from how the function itself finds them. */
import { parse } from 'yaml';
import { parseStream } from './function.ts';

interface Manifest {
  kind?: string;
  data?: Record<string, unknown>;
}

/** The text of every value of a ConfigMap that is a document with `static_resources`. */
export function envoyDocuments(stream: string): string[] {
  return configMapTexts(stream)
    .map(([, text]) => text)
    .filter(isEnvoyConfig);
}

/** The files by which Envoy is told where its certificates lie, by name. */
export function certificateFiles(stream: string): Map<string, string> {
  return new Map(
    configMapTexts(stream).filter(([key, text]) => key.endsWith('.yaml') && isSecret(text)),
  );
}

function configMapTexts(stream: string): [key: string, text: string][] {
  return manifests(stream)
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap(({ data }) => Object.entries(data ?? {}))
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

/** None where a document of the stream does not parse: the function passes it on as it came. */
function manifests(stream: string): Manifest[] {
  try {
    return parseStream(stream).filter((value): value is Manifest => value instanceof Object);
  } catch {
    return [];
  }
}

function isSecret(text: string): boolean {
  return text.includes('transport_sockets.tls.v3.Secret');
}

/** Envoy takes a field in either spelling. */
const KEYS = ['static_resources', 'staticResources'];

function isEnvoyConfig(text: string): boolean {
  if (!KEYS.some((key) => text.includes(key))) return false;
  try {
    const value = parse(text, { logLevel: 'silent' });
    return typeof value === 'object' && value !== null && KEYS.some((key) => key in value);
  } catch {
    return false;
  }
}
