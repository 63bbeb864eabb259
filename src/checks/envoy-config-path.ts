import { containersWith } from '../surface/bind-addresses.ts';
import { configPath, runsEnvoy } from '../surface/envoy-program.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { isMisspelled } from '../surface/near-names.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { providedFile } from '../surface/provided-files.ts';
import type { Surface } from '../surface/surface.ts';
import { stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'Envoy starts from a file that is not its config',
  why: 'Without the file that `--config-path` names Envoy ends when it starts. Without the option its image starts from /etc/envoy/envoy.yaml, which is an example in the image where nothing is mounted over it.',
  fix: 'let `--config-path`, the mount and the key of the ConfigMap agree',
  find: (surface) => surface.envoys.flatMap((target) => onTarget(target, surface)),
};

function onTarget(target: DocumentTarget, surface: Surface): Fault[] {
  return surface.mounting([target]).flatMap((workload) =>
    containersWith(target, workload).flatMap((container): Fault[] => {
      const path = runsEnvoy(container) ? configPath(container) : undefined;
      if (path === undefined) return [];
      const found = providedFile(path, { workload, container }, surface);
      const { name } = target.resource;
      if (found.state === 'missing') {
        const last = path.split('/').at(-1) ?? '';
        const near = found.there.find((key) => isMisspelled(key, last));
        // The very name that is missing is no help.
        const key = near ?? (target.key === last ? undefined : target.key);
        return [
          {
            resource: workload,
            message: `Envoy starts from ${path}, and what is mounted at ${found.mounted.mountPath} has no such file${found.there.length > 0 ? `, but ${found.there.join(', ')}` : ''}`,
            fix: key
              ? `name ${key} of ConfigMap ${name} where it is mounted: \`--config-path ${found.mounted.mountPath}/${key}\``
              : `let the volume have ${target.key} of ConfigMap ${name} under the name ${last}, or give \`--config-path\` the name that it has there`,
          },
        ];
      }
      if (found.state !== 'image') return [];
      const image = stringAt(container, ['image']);
      const isStock = /(?:^|\/)envoyproxy\/envoy(?:-[\w-]+)?(?:[:@]|$)/.test(image);
      return [
        {
          resource: workload,
          severity: isStock ? undefined : 'warning',
          message: `Envoy starts from ${path}, where nothing is mounted, so that ${target.key} of ConfigMap ${name} is not read${isStock ? '' : `, unless ${image || 'the image'} leads to it`}`,
        },
      ];
    }),
  );
}
