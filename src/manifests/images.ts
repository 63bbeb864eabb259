/** Names of images. Source: distribution/reference, `ReferenceRegexp`; Michelangelo's releases on ghcr.io. */
import { type JsonObject, stringAt } from '../yaml/json.ts';

/** Whether a container runs an image as Michelangelo publishes it: what is in it is known. */
export function isUpstreamImage(container: JsonObject): boolean {
  return /(?:^|\/)michelangelo-ai\/[\w-]+(?:[:@]|$)/.test(stringAt(container, ['image']));
}
