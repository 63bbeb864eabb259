/** An authority for tests, made by openssl as real ones are: a root that people trust, an intermediate that signs, certificates for hosts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from './temporary.ts';

/** PEM texts. */
export interface Issued {
  key: string;
  /** The certificate alone. */
  leaf: string;
  /** The certificate, and the intermediate behind it, as a server has to send them. */
  chain: string;
}

export interface Authority {
  /** What clients trust, as a file and as its text. */
  file: string;
  root: string;
  issue(hosts: readonly string[], parts?: { days?: number; signer?: string }): Promise<Issued>;
}

const NEW_KEY = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

/** @param organisation - of the intermediate, whose name is in what it signs */
export async function makeAuthority(organisation = 'Michelangelo test'): Promise<Authority> {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder, name);
  const openssl = (words: readonly string[]) => execa('openssl', words);
  const sign = async (name: string, signer: string, days: number, extension: string) => {
    writeFileSync(at(`${name}.ext`), extension);
    await openssl([
      ...['x509', '-req', '-in', at(`${name}.csr`), '-days', String(days)],
      ...['-CA', at(`${signer}.crt`), '-CAkey', at(`${signer}.key`), '-CAcreateserial'],
      ...['-extfile', at(`${name}.ext`), '-out', at(`${name}.crt`)],
    ]);
  };
  const askFor = (name: string, subject: string) =>
    openssl([
      ...['req', ...NEW_KEY, '-subj', subject],
      ...['-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)],
    ]);
  await openssl([
    ...['req', '-x509', ...NEW_KEY, '-days', '400', '-subj', `/O=${organisation}/CN=root`],
    ...['-keyout', at('root.key'), '-out', at('root.crt')],
  ]);
  await askFor('intermediate', `/O=${organisation}/CN=intermediate`);
  await sign('intermediate', 'root', 300, 'basicConstraints=critical,CA:true');
  let count = 0;
  const issue: Authority['issue'] = async (hosts, { days = 90, signer = 'intermediate' } = {}) => {
    count += 1;
    const name = `host${count}`;
    await askFor(name, '/O=Michelangelo test');
    const names = hosts.map((host) => `DNS:${host}`).join(',');
    await sign(name, signer, days, `subjectAltName=${names}`);
    const leaf = readFileSync(at(`${name}.crt`), 'utf8');
    const behind = readFileSync(at('intermediate.crt'), 'utf8');
    return { key: readFileSync(at(`${name}.key`), 'utf8'), leaf, chain: leaf + behind };
  };
  return { file: at('root.crt'), root: readFileSync(at('root.crt'), 'utf8'), issue };
}
