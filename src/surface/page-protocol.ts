/**
 * What a page of Michelangelo speaks to Envoy, told by the tag of its image.
 *
 * Source: Michelangelo's `javascript/packages/rpc` and its pull requests 1238 (Connect, May 2026) and 1468 (JSON, July 2026, before release
 * 0.4.0); release 0.2.1 is of April 2026. Pages of the releases between them speak one of the first two, and the tag does not say which.
 */
import type { BrowserProtocol } from '../envoy/http-filters.ts';
import { containersOf } from '../manifests/workload.ts';
import { asText, equalJson } from '../yaml/json.ts';
import { once } from './once.ts';
import type { Surface } from './surface.ts';

interface Page {
  /** One of these; the last is the newest. */
  protocols: readonly [BrowserProtocol, ...BrowserProtocol[]];
  image: string;
  /** Whether it is upstream's own image: a tag of others may mean something else. */
  isUpstream: boolean;
}

/** The last image of upstream that speaks gRPC-Web, beside those with a version. */
const LAST_OF_GRPC_WEB = 'sha-3c32884';

/** Undefined where no page is in the stream, its tag tells nothing, or several pages speak different things. */
export const pageIn = once((surface): Page | undefined => {
  const images = surface
    .mounting(surface.uis)
    .flatMap(containersOf)
    .map(({ image }) => asText(image ?? ''));
  const found = images.flatMap((image) => readPage(image) ?? []);
  const [first] = found;
  return found.every(({ protocols }) => equalJson(protocols, first?.protocols)) ? first : undefined;
});

/** What the page speaks; undefined where it may be one of several. */
export function pageProtocol(surface: Surface): BrowserProtocol | undefined {
  const [first, ...others] = pageIn(surface)?.protocols ?? [];
  return others.length === 0 ? first : undefined;
}

function readPage(image: string): Page | undefined {
  const [, repository = '', tag = ''] = /^(.*?)(?::([\w.-]+))?(?:@.*)?$/.exec(image) ?? [];
  if (!/(?:^|[/-])ui$/.test(repository) || !/michelangelo/.test(repository)) return undefined;
  const isUpstream = /(?:^|\/)michelangelo-ai\/ui$/.test(repository);
  const protocols = tag === LAST_OF_GRPC_WEB ? (['gRPC-Web'] as const) : byVersion(tag);
  return protocols && { protocols, image, isUpstream };
}

function byVersion(tag: string): Page['protocols'] | undefined {
  const [, major, minor, patch] = (/^v?(\d+)\.(\d+)\.(\d+)$/.exec(tag) ?? []).map(Number);
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  if (major > 0 || minor >= 4) return ['JSON'];
  return minor < 2 || (minor === 2 && patch <= 1) ? ['gRPC-Web'] : ['gRPC-Web', 'Connect'];
}
