/** Envoy's configs in a stream of manifests, apart from how the function itself finds them. */
import { parse } from 'yaml';
import { parseStream } from './function.ts';

interface Manifest {
  kind?: string;
  data?: Record<string, unknown>;
}

/** The text of every value of a ConfigMap that is a document with `static_resources`. */
export function envoyDocuments(stream: string): string[] {
  return parseStream(stream)
    .filter((manifest): manifest is Manifest => (manifest as Manifest)?.kind === 'ConfigMap')
    .flatMap(({ data }) => Object.values(data ?? {}))
    .filter((text): text is string => typeof text === 'string' && isEnvoyConfig(text));
}

function isEnvoyConfig(text: string): boolean {
  if (!text.includes('static_resources')) return false;
  try {
    const value = parse(text, { logLevel: 'silent' });
    return typeof value === 'object' && value !== null && 'static_resources' in value;
  } catch {
    return false;
  }
}
