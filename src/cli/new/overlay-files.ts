/** The files of an overlay, and which of them is the kustomization and which the config. */
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { getIn, strings } from '../../yaml/json.ts';
import { parseYaml } from '../../yaml/yaml.ts';
import { UsageError } from '../io.ts';
import { KUSTOMIZATION_FILES, listOverlays } from '../overlays.ts';

/** A file to be written: its text or bytes, or where it links to. */
export type OverlayFile =
  | { content: string | Buffer; mode: number; link?: undefined }
  | { link: string };

/** Files by their path in the overlay's folder, with `/`. */
export type OverlayFiles = Map<string, OverlayFile>;

/** Reads every file of an overlay. */
export function readOverlay(folder: string): OverlayFiles {
  const files: OverlayFiles = new Map();
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const full = join(folder, path);
    const status = lstatSync(full);
    const name = path.replaceAll('\\', '/');
    if (status.isSymbolicLink()) files.set(name, { link: readlinkSync(full) });
    else if (status.isFile())
      files.set(name, { content: readFileSync(full), mode: status.mode & 0o777 });
  }
  return files;
}

/** The text of a file; undefined where it is missing or a link. */
export function textOf(files: OverlayFiles, path: string): string | undefined {
  const file = files.get(path);
  return file === undefined || file.link !== undefined ? undefined : file.content.toString();
}

/** Which file is the kustomization. */
export function findKustomization(files: OverlayFiles, shown: string): string {
  const found = KUSTOMIZATION_FILES.find((name) => textOf(files, name) !== undefined);
  if (found !== undefined) return found;
  throw new UsageError(`${shown} has no kustomization.yaml of its own`, 'choose another overlay');
}

/** Which file is the config: the first of the kustomization's transformers that is a DomainConfig. */
export function findDomainFile(files: OverlayFiles, shown: string): string {
  const json = parseYaml(textOf(files, findKustomization(files, shown)) ?? '').json;
  const paths = strings(getIn(json, ['transformers'])).map((path) => path.replace(/^\.\//, ''));
  const found = paths.find(
    (path) => getIn(parseYaml(textOf(files, path) ?? '').json, ['kind']) === 'DomainConfig',
  );
  if (found !== undefined) return found;
  throw new UsageError(
    `${shown} has no file with a DomainConfig among its transformers`,
    'choose another overlay, or leave --from out',
  );
}

/** Every host that the overlays here serve, with the overlay; what cannot be read is left out. */
export function hostsInUse(cwd: string): Map<string, string> {
  const hosts = new Map<string, string>();
  for (const overlay of listOverlays(cwd)) {
    const path = join(cwd, overlay, 'domain.yaml');
    const { settings } = existsSync(path) ? loadConfig(readFileSync(path, 'utf8')) : {};
    for (const { host } of Object.values(settings?.hosts ?? {}).flat())
      if (!hosts.has(host)) hosts.set(host, overlay);
  }
  return hosts;
}
