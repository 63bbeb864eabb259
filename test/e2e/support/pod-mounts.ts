/** The volumes that a rendered Deployment mounts, as folders of this machine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { temporaryFolder } from '../../support/temporary.ts';

/** Where the pod has a volume, and the folder that stands for it here. */
export type Mounts = Readonly<Record<string, string>>;

interface Volume {
  name: string;
  configMap?: { name: string; items?: { key: string; path: string }[] };
  secret?: { secretName: string };
}

interface Manifest {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
  spec?: {
    template?: {
      spec: {
        volumes?: Volume[];
        containers: { volumeMounts?: { name: string; mountPath: string }[] }[];
      };
    };
  };
}

/**
 * Makes a folder for each ConfigMap that the Deployment mounts, with its files; `secrets` gives those of the Secrets
 * by name. Paths in the files lead to these folders. Other volumes are left out.
 */
export function mountVolumes(manifests: string, deployment: string, secrets: Mounts): Mounts {
  const all = parseAllDocuments(manifests).map((document) => document.toJS() as Manifest);
  const find = (kind: string, name: string): Manifest => {
    const found = all.find((one) => one.kind === kind && one.metadata.name === name);
    if (found === undefined) throw new Error(`no ${kind} ${name} in the overlay`);
    return found;
  };
  const pod = find('Deployment', deployment).spec?.template?.spec;
  const volumes = pod?.volumes ?? [];
  const mounts: Record<string, string> = {};
  const files: { folder: string; name: string; content: string | Buffer }[] = [];
  for (const { name, mountPath } of pod?.containers.flatMap((one) => one.volumeMounts ?? []) ??
    []) {
    const { configMap, secret } = volumes.find((volume) => volume.name === name) ?? {};
    const folder = secret ? secrets[secret.secretName] : temporaryFolder();
    if (folder === undefined) throw new Error(`no Secret ${secret?.secretName}`);
    if (!configMap && !secret) continue;
    mounts[mountPath] = folder;
    const data = configMap ? filesOf(find('ConfigMap', configMap.name)) : {};
    const items = configMap?.items ?? Object.keys(data).map((key) => ({ key, path: key }));
    for (const { key, path } of items) files.push({ folder, name: path, content: data[key] ?? '' });
  }
  for (const { folder, name, content } of files)
    writeFileSync(
      join(folder, name),
      typeof content === 'string' ? movePaths(content, mounts) : content,
    );
  return mounts;
}

function filesOf({ data, binaryData }: Manifest): Record<string, string | Buffer> {
  const binary = Object.entries(binaryData ?? {}).map(([key, text]) => [
    key,
    Buffer.from(text, 'base64'),
  ]);
  return { ...data, ...Object.fromEntries(binary) };
}

/** A text with the mounts of the pod replaced by the folders here. */
export function movePaths(text: string, mounts: Mounts): string {
  let moved = text;
  // Not in the middle of a longer name.
  for (const [path, folder] of Object.entries(mounts))
    moved = moved.replaceAll(new RegExp(`${path}(?=["'/\\s]|$)`, 'gm'), folder);
  return moved;
}
