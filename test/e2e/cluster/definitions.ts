/** CustomResourceDefinitions in an API server. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until.ts';
import type { KubernetesApi } from './kubernetes.ts';
import { documentsOf, type Manifest } from './manifests.ts';
import { type DefinitionName, definitionsTool } from './programs.ts';

/** The one of Michelangelo's own kinds that the function makes. */
const OWN = new URL('cluster-definition.yaml', import.meta.url);

/** Applies the definitions of these projects, and Michelangelo's, and waits until the API serves their kinds. */
export async function applyDefinitions(
  api: KubernetesApi,
  names: readonly DefinitionName[],
): Promise<void> {
  const definitions = [...names.flatMap(readDefinitions), readFileSync(OWN, 'utf8')];
  await Promise.all(definitions.map((definition) => api.apply(definition)));
  await waitForDefinitions(api);
}

/** Waits until the API serves the kinds of every definition in it. */
export async function waitForDefinitions(api: KubernetesApi): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await until(
    'CustomResourceDefinitions',
    async () => {
      const { items } = JSON.parse(await api.read(path)) as { items: Manifest[] };
      const pending = items.filter((item) => !isEstablished(item));
      if (pending.length > 0) throw new Error(pending.map(({ metadata }) => metadata.name).join());
      return true;
    },
    60_000,
  );
}

/** The definitions of one project; what else its files hold is left out. */
function readDefinitions(name: DefinitionName): string[] {
  const folder = join(definitionsTool.path, name);
  return readdirSync(folder)
    .flatMap((file) => documentsOf(readFileSync(join(folder, file), 'utf8')))
    .filter((text) => /^kind: CustomResourceDefinition$/m.test(text));
}

function isEstablished({ status }: Manifest): boolean {
  const conditions: { type: string; status: string }[] = status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Established' && status === 'True');
}
