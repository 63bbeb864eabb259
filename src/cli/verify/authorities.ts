/** Who may sign: the public authorities that Node.js has, and those of `--ca`. */
import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { readRegularFile } from '../../read-file.ts';
import { UsageError } from '../io.ts';

/** Both kinds. */
export interface Authorities {
  /** Of `--ca`; empty where it is not given. */
  own: readonly X509Certificate[];
  public: () => readonly X509Certificate[];
}

/** @param file - as it was given, from `cwd`; undefined where nothing was */
export function readAuthorities(file: string | undefined, cwd: string): Authorities {
  const own = file === undefined ? [] : certificatesIn(file, cwd);
  let known: X509Certificate[] | undefined;
  return {
    own,
    // Reading them all takes a tenth of a second.
    public: () => {
      known ??= rootCertificates.map((pem) => new X509Certificate(pem));
      return known;
    },
  };
}

function certificatesIn(file: string, cwd: string): X509Certificate[] {
  const text = readRegularFile(resolve(cwd, file), { shown: file }).toString('utf8');
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length > 0) return blocks.map((pem) => new X509Certificate(pem));
  } catch {
    // The same as a file without any.
  }
  throw new UsageError(
    `--ca ${file} has no certificate that can be read`,
    'name a file with one or more certificates in PEM form: -----BEGIN CERTIFICATE-----',
  );
}

/** The authority that signed a certificate. */
export function signerAmong(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
): X509Certificate | undefined {
  return candidates.find(
    (one) => certificate.checkIssued(one) && certificate.verify(one.publicKey),
  );
}

/** A trusted certificate itself, or one that a trusted one signed. */
export function anchorOf(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
): X509Certificate | undefined {
  return (
    candidates.find(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256) ??
    signerAmong(certificate, candidates)
  );
}
