/**
 * What a page of Michelangelo speaks to Envoy, told by the tag of its image.
 *
 * Source: Michelangelo's `javascript/packages/rpc` and its pull requests 1238 (Connect, May 2026) and 1468 (JSON, July 2026, before release
 * 0.4.0); release 0.2.1 is of April 2026. Between them nobody can tell by the tag.
 */
import type { BrowserProtocol } from '../envoy/http-filters.ts';
import { containersOf } from '../manifests/workload.ts';
import { once } from './once.ts';

interface PageProtocol {
  protocol: BrowserProtocol;
  image: string;
  /** Whether it is upstream's own image: a tag of others may mean something else. */
  isUpstream: boolean;
}

/** The last image of upstream that speaks gRPC-Web, beside those with a version. */
const LAST_OF_GRPC_WEB = 'sha-3c32884';

/** Undefined where no page is in the stream, its tag tells nothing, or several pages speak different things. */
export const pageProtocol = once((surface): PageProtocol | undefined => {
  const images = surface
    .mounting(surface.uis)
    .flatMap(containersOf)
    .map(({ image }) => String(image ?? ''));
  const found = images.flatMap((image) => protocolIn(image) ?? []);
  const [first] = found;
  return found.every(({ protocol }) => protocol === first?.protocol) ? first : undefined;
});

function protocolIn(image: string): PageProtocol | undefined {
  const [, repository = '', tag = ''] = /^(.*?)(?::([\w.-]+))?(?:@.*)?$/.exec(image) ?? [];
  if (!/(?:^|[/-])ui$/.test(repository) || !/michelangelo/.test(repository)) return undefined;
  const isUpstream = /(?:^|\/)michelangelo-ai\/ui$/.test(repository);
  const protocol = tag === LAST_OF_GRPC_WEB ? 'gRPC-Web' : byVersion(tag);
  return protocol && { protocol, image, isUpstream };
}

function byVersion(tag: string): BrowserProtocol | undefined {
  const [, major, minor, patch] = (/^v?(\d+)\.(\d+)\.(\d+)$/.exec(tag) ?? []).map(Number);
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  if (major > 0 || minor >= 4) return 'JSON';
  return minor < 2 || (minor === 2 && patch <= 1) ? 'gRPC-Web' : undefined;
}
