/** Which of an overlay's files is the kustomization, and which the config. */
import { getIn, strings } from '../../yaml/json.ts';
import { parseYaml } from '../../yaml/yaml.ts';
import { UsageError } from '../io.ts';
import { KUSTOMIZATION_FILES } from '../overlays.ts';
import type { OverlayFiles } from './folder.ts';

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
