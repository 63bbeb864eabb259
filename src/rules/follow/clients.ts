/** Names by which a provider of identities knows a client: they stay what they were registered as, even where they look like a host. */
import type { StringPlace } from '../../yaml/rewrite-strings.ts';
import { isScalar, isSeq, type YAMLMap, type YAMLSeq } from '../../yaml/yaml.ts';

/** In whichever file: `client_id`, `clientId`, `OAUTH2_PROXY_CLIENT_ID`, `entityID` of SAML, `id` by itself. */
const KEY = /(?:client|entity)[-_]?id$|^id$/i;
/** In one text with the name: `--client-id=`, `?client_id=`, `CLIENT_ID: `. */
const BEFORE = /(?:client|entity)[-_]?id["']?(?:\s*[=:]\s*|%3d|\s+)["']?$/i;

/** Whether such a name stands under a key. */
export function isClientKey(key: string): boolean {
  return KEY.test(key);
}

/** Whether a client is called by what stands at a position of a text. */
export function isClientIn(text: string, start: number): boolean {
  return BEFORE.test(text.slice(Math.max(0, start - 64), start));
}

/** Whether a string is such a name by what stands beside it: `{name: CLIENT_ID, value: …}`, `--client-id` before it. */
export function isClient({ path, isKey, entry: { container } }: StringPlace): boolean {
  if (isKey) return false;
  const last = path.at(-1);
  if (isSeq(container)) {
    const before = textAt(container, Number(last) - 1);
    return before.startsWith('-') && isClientKey(before);
  }
  const isValue = /^value$/i.test(String(last));
  return isValue && ['name', 'key'].some((key) => isClientKey(textAt(container, key)));
}

function textAt(container: YAMLMap | YAMLSeq, key: string | number): string {
  const node = container.get(key, true);
  return isScalar(node) && typeof node.value === 'string' ? node.value : '';
}
