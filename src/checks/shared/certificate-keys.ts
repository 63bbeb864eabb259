/**
 * Keys that cert-manager makes, and of these the ones that authorities sign.
 *
 * Sources: cert-manager, `internal/apis/certmanager/validation/certificate.go`; Let's Encrypt, "Integration Guide".
 */

import type { Fault } from '../../surface/faults/fault.ts';
import { asNumber, asText } from '../../yaml/json.ts';
import type { CertificateRequest } from './certificate-requests.ts';

/** What cert-manager makes, and of it what an ACME authority signs. */
const SIZES: Readonly<
  Record<
    string,
    {
      all: (size: number) => boolean;
      acme: (size: number) => boolean;
      words: string;
      acmeWords: string;
    }
  >
> = {
  RSA: {
    all: (size) => size >= 2048 && size <= 8192,
    acme: (size) => [2048, 3072, 4096].includes(size),
    words: '2048 to 8192',
    acmeWords: '2048, 3072 or 4096',
  },
  ECDSA: {
    all: (size) => [256, 384, 521].includes(size),
    acme: (size) => [256, 384].includes(size),
    words: '256, 384 or 521',
    acmeWords: '256 or 384',
  },
};

/** Faults of the key that one request asks for. A public authority (`isAcme`) signs fewer kinds than cert-manager makes. */
export function keyFaults({ resource, get, isAcme }: CertificateRequest): Fault[] {
  const [algorithm, size] = [get('algorithm'), get('size')];
  const name = asText(algorithm.value ?? 'RSA');
  if (name === 'Ed25519')
    return [
      {
        resource,
        path: algorithm.place,
        severity: isAcme ? undefined : 'warning',
        message: isAcme
          ? 'the key is Ed25519, which no public authority signs'
          : 'the key is Ed25519, which browsers do not accept',
        fix: 'write `ECDSA` or `RSA`',
      },
    ];
  const known = Object.hasOwn(SIZES, name) ? SIZES[name] : undefined;
  if (!known)
    return [
      {
        resource,
        path: algorithm.place,
        message: `there is no algorithm ${name}`,
        fix: 'write `RSA` or `ECDSA`',
      },
    ];
  const bits = asNumber(size.value);
  const isRight = isAcme ? known.acme : known.all;
  if (size.value === undefined || isRight(bits)) return [];
  return [
    {
      resource,
      path: size.place,
      message: `the ${name} key has ${asText(size.value)} bits, and ${isAcme ? 'an ACME authority signs' : 'cert-manager makes'} ${isAcme ? known.acmeWords : known.words}`,
      fix: `write ${isAcme ? known.acmeWords : known.words}`,
    },
  ];
}
