/** The files of an overlay, and which of them is the kustomization and which the config. */
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import type { Settings } from '../../config/settings.ts';
import { kindOf, readRegularFile, readTextIfRegular } from '../../read-file.ts';
import { getIn, strings } from '../../yaml/json.ts';
import { parseYaml } from '../../yaml/yaml.ts';
import { UsageError } from '../io.ts';
import { KUSTOMIZATION_FILES, listOverlays } from '../overlays.ts';

/** A file to be written: its text or bytes, or where it links to. */
type OverlayFile = { content: string | Buffer; mode: number; link?: undefined } | { link: string };

/** Files by their path in the overlay's folder, with `/`. */
export type OverlayFiles = Map<string, OverlayFile>;

/** Reads every file of a folder. Links are taken as they are, and followed nowhere; what is neither file, folder nor link is refused. */
export function readFolder(folder: string, shown: string): OverlayFiles {
  const files: OverlayFiles = new Map();
  const open = [''];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop())
    for (const name of readdirSync(join(folder, parent))) {
      const path = parent === '' ? name : `${parent}/${name}`;
      const full = join(folder, path);
      const status = lstatSync(full);
      if (status.isDirectory()) open.push(path);
      else if (status.isSymbolicLink()) files.set(path, { link: readlinkSync(full) });
      else if (status.isFile())
        files.set(path, {
          content: readRegularFile(full, { shown: `${shown}/${path}`, within: folder }),
          mode: status.mode & 0o777,
        });
      else
        throw new UsageError(
          `${shown}/${path} is ${kindOf(status)}, which cannot be copied`,
          'remove it, or choose another overlay',
        );
    }
  return new Map([...files].sort(([left], [right]) => (left < right ? -1 : 1)));
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

/**
 * A line for each host that an overlay here serves already: right for a moment only, while one environment takes over from another.
 * What cannot be read is left out.
 */
export function sharedHosts(settings: Settings, cwd: string): string[] {
  const hostsOf = (of: Settings) =>
    Object.values(of.hosts)
      .flat()
      .map(({ host }) => host);
  const others = listOverlays(cwd).map((overlay) => {
    const path = join(cwd, overlay, 'domain.yaml');
    const config = readTextIfRegular(path, { within: cwd });
    const other = config === undefined ? undefined : loadConfig(config).settings;
    return { overlay, hosts: other ? hostsOf(other) : [] };
  });
  return hostsOf(settings).flatMap((host) => {
    const other = others.find(({ hosts }) => hosts.includes(host));
    return other ? [`${host} is served by ${other.overlay} as well`] : [];
  });
}
