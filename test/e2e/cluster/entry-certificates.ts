/** The TLS Secrets that entries refer to, made here where no cert-manager runs. */
import { type KeyPair, makeCertificate } from '../support/certificates.ts';
import type { Manifest } from './manifests.ts';

export interface EntryCertificates {
  secrets: Manifest[];
  /** Host name to the certificate that its entry has to show. */
  trusted: Map<string, string>;
}

/** A new certificate for each Secret that an Ingress or a Gateway's listener names, for the hosts that it serves. */
export async function certificatesFor(entries: readonly Manifest[]): Promise<EntryCertificates> {
  const secrets: Manifest[] = [];
  const trusted = new Map<string, string>();
  for (const { namespace, name, hosts } of entries.flatMap(referencesOf)) {
    const pair = await makeCertificate(hosts);
    secrets.push(secret(namespace, name, pair));
    for (const host of hosts) trusted.set(host, pair.certificate);
  }
  return { secrets, trusted };
}

interface Reference {
  namespace: string | undefined;
  name: string;
  hosts: string[];
}

function referencesOf({ kind, metadata: { namespace }, spec }: Manifest): Reference[] {
  if (kind === 'Ingress')
    return (spec.tls ?? []).map(
      ({ secretName, hosts }: { secretName: string; hosts: string[] }) => ({
        namespace,
        name: secretName,
        hosts,
      }),
    );
  if (kind !== 'Gateway') return [];
  type Listener = { hostname: string; tls?: { certificateRefs?: { name: string }[] } };
  return spec.listeners.flatMap(({ hostname, tls }: Listener) =>
    (tls?.certificateRefs ?? []).map(({ name }) => ({ namespace, name, hosts: [hostname] })),
  );
}

function secret(
  namespace: string | undefined,
  name: string,
  { key, certificate }: KeyPair,
): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, ...(namespace && { namespace }) },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.key': key, 'tls.crt': certificate },
  };
}
