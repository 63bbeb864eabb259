/** The text of a new `kustomization.yaml`. */
import { printYaml } from '../../yaml/yaml.ts';
import type { EnvironmentNames } from './names.ts';

const PREFIX_COMMENT =
  "# Cluster roles have no namespace: without a prefix, two environments in one cluster would overwrite each other's.\n";

/**
 * The file. The transformer belongs into this kustomization, which is the outermost.
 * @param base - its path, from the overlay's folder
 * @param components - those beside it, likewise
 */
export function kustomizationFile(
  { namespace, namePrefix }: EnvironmentNames,
  base: string,
  components: readonly string[],
): string {
  const names =
    printYaml({ namespace }) + (namePrefix ? PREFIX_COMMENT + printYaml({ namePrefix }) : '');
  return [
    printYaml({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' }),
    names,
    printYaml({ resources: [base] }),
    ...(components.length > 0 ? [printYaml({ components: [...components] })] : []),
    printYaml({ transformers: ['domain.yaml'] }),
  ].join('\n');
}
