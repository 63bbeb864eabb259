/** What an overlay renders for its entry, and how it comes into the cluster of a test. */
import { buildLiveOverlay } from '../support/live-overlay.ts';
import type { Keep } from '../support/stand.ts';
import type { Backends } from './backends.ts';
import { ARRIVAL } from './contour.ts';
import { certificatesFor } from './entry-certificates.ts';
import type { KubernetesApi } from './kubernetes.ts';
import { gatewayClassOf, inNamespace, type Manifest, manifestsOf, namespace } from './manifests.ts';
import { type Listeners, PublicEntry } from './public-entry.ts';

/** The rest of an environment would have no pods here: it stays out. */
const KINDS = ['Service', 'Ingress', 'Gateway', 'HTTPRoute', 'GRPCRoute'];

export interface RenderedEntry {
  domain: string;
  /** The Ingresses, or the Gateway and its routes, and every Service. */
  manifests: Manifest[];
  /** The UI's config. */
  configJson: string;
}

/** Builds an overlay with `spec.entry` as given. It gets a namespace of the domain's name: a cluster takes several. */
export async function renderEntry(domain: string, entry: object): Promise<RenderedEntry> {
  const overlay = await buildLiveOverlay({ domain, tls: { mode: 'secret' }, entry });
  const manifests = manifestsOf(overlay.manifests)
    .filter(({ kind }) => KINDS.includes(kind))
    .map((manifest) => inNamespace(manifest, domain.replaceAll('.', '-')));
  return { domain, manifests, configJson: overlay.configJson };
}

export interface ServedEntry {
  entry: PublicEntry;
  /** Applies the manifests again, with the Services that lead to the backends. */
  apply(manifests: readonly Manifest[]): Promise<void>;
}

/** Applies an entry with its certificates, and waits until it is served where `listen` says. */
export async function serveEntry(
  keep: Keep,
  api: KubernetesApi,
  backends: Backends,
  { domain, manifests }: RenderedEntry,
  listen: () => Promise<Listeners> | Listeners,
): Promise<ServedEntry> {
  const { secrets, trusted } = await certificatesFor(manifests);
  const classes = manifests.filter(({ kind }) => kind === 'Gateway').map(gatewayClassOf);
  const apply = async (wanted: readonly Manifest[]) => {
    for (const manifest of wanted) await api.apply(backends.twin(manifest));
  };
  await apply([namespace(domain.replaceAll('.', '-')), ...classes, ...secrets, ...manifests]);
  const entry = new PublicEntry(keep, domain, await listen(), trusted);
  await entry.arrival(ARRIVAL);
  return { entry, apply };
}
