/** Certificates that Envoy's pods mount by `subPath`. */

import type { Resource } from '../../manifests/resource.ts';
import { podTemplatePath } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { DocumentTarget } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, type JsonObject, list } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

/** @param files - that certificates are read from; where none is known, every Secret counts */
export function subPathMounts(
  view: Surface,
  target: DocumentTarget,
  files: readonly string[],
): Fault[] {
  return view.mounting([target]).flatMap((workload) =>
    secretMounts(workload)
      .filter(({ mount }) => files.length === 0 || files.some((file) => isAt(file, mount)))
      .map(({ path, mount, secret }) => ({
        resource: workload,
        path,
        message: `Secret ${secret} is mounted at ${String(mount['mountPath'])} by subPath, and never changes there`,
      })),
  );
}

function isAt(file: string, { mountPath }: JsonObject): boolean {
  const folder = String(mountPath).replace(/\/$/, '');
  return file === folder || file.startsWith(`${folder}/`);
}

/** Mounts with `subPath` of volumes that hold a Secret. */
function secretMounts(workload: Resource) {
  const spec = [...podTemplatePath(workload), 'spec'];
  const secrets = new Map(
    list(getIn(workload.json, [...spec, 'volumes'])).flatMap((volume) => {
      const secret = secretOf(volume);
      return secret === undefined ? [] : [[String(volume['name']), secret] as const];
    }),
  );
  return list(getIn(workload.json, [...spec, 'containers'])).flatMap((container, at) =>
    list(container['volumeMounts']).flatMap((mount, index) => {
      const secret = secrets.get(String(mount['name']));
      const hasSubPath = Boolean(mount['subPath'] ?? mount['subPathExpr']);
      const path = toPath([...spec, 'containers', at, 'volumeMounts', index]);
      return secret !== undefined && hasSubPath ? [{ path, mount, secret }] : [];
    }),
  );
}

function secretOf(volume: JsonObject): string | undefined {
  const projected = list(getIn(volume, ['projected', 'sources'])).map((source) =>
    getIn(source, ['secret', 'name']),
  );
  const names = [
    isObject(volume['secret']) ? volume['secret']['secretName'] : undefined,
    ...projected,
  ];
  return names.find((name) => typeof name === 'string');
}
