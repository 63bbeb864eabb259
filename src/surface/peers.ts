/** What programs connect to beside the API: the workflow engine and the object store. */
import { readAddress } from '../net/addresses.ts';
import { asText, getIn, type Json } from '../yaml/json.ts';

interface PeerPlace {
  path: readonly string[];
  name: 'workflow engine' | 'object store';
  /** Whether the config asks for TLS, where the address itself is no URL that says it. */
  usesTls: (json: Json | undefined) => boolean;
}

/** Where a config names a peer. Source: Michelangelo's configs of worker and controller manager. */
export const PEER_PLACES: readonly PeerPlace[] = [
  ...['workflow-engine', 'workflowClient'].map(
    (key): PeerPlace => ({
      path: [key, 'host'],
      name: 'workflow engine',
      usesTls: (json) => asText(getIn(json, [key, 'useTLS'])) === 'true',
    }),
  ),
  {
    path: ['minio', 'awsEndpointUrl'],
    name: 'object store',
    // Absent means plain HTTP.
    usesTls: (json) => asText(getIn(json, ['minio', 'secure'])) === 'true',
  },
];

/** A program that a config names. */
export interface Peer extends Pick<PeerPlace, 'path' | 'name'> {
  /** What is written where it is not an address. */
  host: string;
  /** The usual one of the protocol where none is written. */
  port: number;
  tls: boolean;
  /** Whether the address is a URL. */
  isUrl: boolean;
}

/** The peers of a config, those that it does not name left out. */
export function peersOf(json: Json | undefined): Peer[] {
  return PEER_PLACES.flatMap(({ path, name, usesTls }) => {
    const written = getIn(json, path);
    if (typeof written !== 'string' || written === '') return [];
    const { scheme, host, port } = readAddress(written) ?? { host: written };
    const tls = scheme === undefined ? usesTls(json) : scheme === 'https';
    return [{ path, name, host, port: port ?? (tls ? 443 : 80), tls, isUrl: scheme !== undefined }];
  });
}
