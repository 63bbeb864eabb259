/** What an overlay renders for its entry, and how it comes into the cluster of a test. */
import { run } from '../../support/command-line.ts';
import { folderWith } from '../../support/temporary.ts';
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
  /** Everything, as kustomize prints it. */
  stream: string;
}

/** Builds an overlay with `spec.entry` as given. It gets a namespace of the domain's name: a cluster takes several. */
export async function renderEntry(domain: string, entry: object): Promise<RenderedEntry> {
  const overlay = await buildLiveOverlay({ domain, tls: { mode: 'secret' }, entry });
  const manifests = manifestsOf(overlay.manifests)
    .filter(({ kind }) => KINDS.includes(kind))
    .map((manifest) => inNamespace(manifest, domain.replaceAll('.', '-')));
  return { domain, manifests, configJson: overlay.configJson, stream: overlay.manifests };
}

export interface ServedEntry {
  entry: PublicEntry;
  /** `verify`, on the whole overlay: the lines that failed, and those that are well. */
  verify(): Promise<{ failed: string[]; ok: string[] }>;
  /** Applies the manifests again, with the Services that lead to the backends. */
  apply(manifests: readonly Manifest[]): Promise<void>;
}

/** Applies an entry with its certificates, and waits until it is served where `listen` says. */
export async function serveEntry(
  keep: Keep,
  api: KubernetesApi,
  backends: Backends,
  { domain, manifests, stream }: RenderedEntry,
  listen: () => Promise<Listeners> | Listeners,
): Promise<ServedEntry> {
  const { secrets, trusted } = await certificatesFor(manifests);
  const classes = manifests.filter(({ kind }) => kind === 'Gateway').map(gatewayClassOf);
  const apply = async (wanted: readonly Manifest[]) => {
    for (const manifest of wanted) await api.apply(backends.twin(manifest));
  };
  await apply([namespace(domain.replaceAll('.', '-')), ...classes, ...secrets, ...manifests]);
  const listeners = await listen();
  const entry = new PublicEntry(keep, domain, listeners, trusted);
  await entry.arrival(ARRIVAL);
  const verify = () => verifyStream(stream, [entry.api, entry.app], listeners, trusted);
  return { entry, apply, verify };
}

/** Nothing is asked of a cluster: what is seen through kubectl is in verify.test.ts. */
async function verifyStream(
  stdin: string,
  hosts: readonly string[],
  { address, https, http }: Listeners,
  trusted: ReadonlyMap<string, string>,
): Promise<{ failed: string[]; ok: string[] }> {
  const cwd = folderWith({ 'ca.crt': [...trusted.values()].join('') });
  const ways = hosts.flatMap((host) => [
    ...['--connect-to', `${host}:443:${address}:${https}`],
    ...['--connect-to', `${host}:80:${address}:${http}`],
  ]);
  const env = { ...process.env, PATH: '' };
  const words = ['verify', '-', '--json', '--ca', 'ca.crt', ...ways];
  const { stdout } = await run(words, { cwd, env, stdin });
  const { lines } = JSON.parse(stdout) as { lines: { tried: string; status: string }[] };
  const seen = (status: string) =>
    lines.filter((line) => line.status === status).map(({ tried }) => tried);
  return { failed: seen('failed'), ok: seen('ok') };
}
