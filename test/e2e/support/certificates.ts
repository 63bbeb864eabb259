/** Certificates for tests, made by openssl: each signs itself, so it is also what its clients trust. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from '../../support/temporary.ts';

/** PEM texts. */
export interface KeyPair {
  key: string;
  certificate: string;
}

/** A new key and a certificate for these host names, valid from now for two days. */
export async function makeCertificate(hosts: readonly string[]): Promise<KeyPair> {
  const folder = temporaryFolder();
  const files = { key: join(folder, 'tls.key'), certificate: join(folder, 'tls.crt') };
  await execa('openssl', [
    ...['req', '-x509', '-nodes', '-days', '2', '-subj', '/O=Michelangelo test'],
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    ...['-addext', `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`],
    ...['-keyout', files.key, '-out', files.certificate],
  ]);
  return {
    key: readFileSync(files.key, 'utf8'),
    certificate: readFileSync(files.certificate, 'utf8'),
  };
}
