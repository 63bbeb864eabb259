/**
 * A Secret on disk, laid out and renewed as kubelet does: the files are links into `..data`, a link to a folder with
 * the time in its name; a new version gets a folder of its own, and `..data` is replaced in one step.
 *
 * Source: Kubernetes, pkg/volume/util/atomic_writer.go.
 */
import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/temporary.ts';
import type { KeyPair } from './certificates.ts';

export interface MountedSecret {
  /** Where it is mounted. */
  folder: string;
  /** Replaces the content. */
  renew(pair: KeyPair): void;
}

/** Mounts a `kubernetes.io/tls` Secret in a new folder. */
export function mountSecret(pair: KeyPair): MountedSecret {
  const folder = temporaryFolder();
  let version = 0;
  const write = ({ key, certificate }: KeyPair): string => {
    version += 1;
    const time = new Date().toISOString().slice(0, 19).replaceAll(/[-T:]/g, '_');
    const name = `..${time}.${String(version).padStart(9, '0')}`;
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'tls.crt'), certificate);
    writeFileSync(join(folder, name, 'tls.key'), key);
    symlinkSync(name, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    return name;
  };
  write(pair);
  for (const file of ['tls.crt', 'tls.key']) symlinkSync(join('..data', file), join(folder, file));
  return {
    folder,
    renew(next) {
      const old = readlinkSync(join(folder, '..data'));
      write(next);
      rmSync(join(folder, old), { recursive: true });
    },
  };
}
