/** The control planes that a compute cluster's environment can be made from. */
import { join, resolve } from 'node:path';
import type { ComputeCluster } from '../../config/generated/domain-config.ts';
import { loadConfig } from '../../config/load.ts';
import type { Settings } from '../../config/settings.ts';
import { formatProblems } from '../../errors.ts';
import { CommandError, type Io, UsageError } from '../io.ts';
import { listOverlays, requireOverlay } from '../overlays.ts';
import type { Asker } from '../questions.ts';
import { type OverlayFiles, readFolder } from './folder.ts';
import { findDomainFile, textOf } from './overlay-files.ts';

/** An overlay of a control plane with the clusters that its DomainConfig names. */
export interface ControlPlane {
  /** As a person typed it, or its path from the project. */
  shown: string;
  settings: Settings;
  clusters: readonly ComputeCluster[];
}

/** Reads the overlay of a control plane. Throws where it cannot be one. */
export function readControlPlane(shown: string, io: Io): ControlPlane {
  requireOverlay(shown, io.cwd);
  const files = readFolder(resolve(io.cwd, shown), shown);
  const domainFile = findDomainFile(files, shown);
  const { settings, problems } = loadConfig(textOf(files, domainFile) ?? '');
  if (!settings) {
    io.stderr.write(formatProblems(problems));
    throw new CommandError(1, `${shown}/${domainFile} has errors: nothing can be made from it`);
  }
  if (settings.role === 'compute')
    throw new UsageError(
      `${shown} is itself the environment of a compute cluster`,
      '--compute-of takes the overlay of a control plane',
    );
  const clusters = settings.config.spec.computeClusters ?? [];
  if (clusters.length === 0)
    throw new UsageError(
      `${shown} lists no compute cluster`,
      `add the cluster to \`spec.computeClusters\` in ${shown}/${domainFile} first: {name: gpu, server: https://…:6443}`,
    );
  return { shown, settings, clusters };
}

/** The overlays here that list compute clusters. What cannot be read is none of them. */
function controlPlanesIn(
  cwd: string,
  folder: string,
): { shown: string; clusters: readonly string[] }[] {
  return listOverlays(cwd, folder).flatMap((shown) => {
    const settings = settingsOf(readFolder(join(cwd, shown), shown), shown);
    const clusters = settings?.config.spec.computeClusters?.map((cluster) => cluster.name) ?? [];
    return settings?.role === 'control-plane' && clusters.length > 0 ? [{ shown, clusters }] : [];
  });
}

function settingsOf(files: OverlayFiles, shown: string): Settings | undefined {
  try {
    return loadConfig(textOf(files, findDomainFile(files, shown)) ?? '').settings;
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** Asks which side the environment is; undefined for a control plane, and where no overlay here lists a cluster. */
export async function askSide(
  asker: Asker,
  cwd: string,
  folder: string,
): Promise<string | undefined> {
  const found = controlPlanesIn(cwd, folder);
  if (found.length === 0) return undefined;
  const answer = await asker.select('What is the environment for?', [
    { value: '', label: 'a control plane' },
    ...found.map(({ shown, clusters }) => ({
      value: shown,
      label: `a compute cluster of ${shown} (${clusters.join(', ')})`,
    })),
  ]);
  return answer === '' ? undefined : answer;
}

/** The cluster that is named; the only one; or the one that a person chooses. */
export async function chooseCluster(
  { shown, clusters }: ControlPlane,
  given: string | undefined,
  asker: Asker | undefined,
): Promise<ComputeCluster> {
  const names = clusters.map(({ name }) => name);
  const [only] = names;
  const name = given ?? (names.length === 1 ? only : await asked(names, asker));
  const found = clusters.find((cluster) => cluster.name === name);
  if (found) return found;
  throw new UsageError(
    `cluster ${name} is not in \`spec.computeClusters\` of ${shown}, which has ${names.join(', ')}`,
    'choose one of these, or add the cluster there first',
  );
}

async function asked(names: readonly string[], asker: Asker | undefined): Promise<string> {
  if (asker)
    return asker.select(
      'Which cluster?',
      names.map((name) => ({ value: name, label: name })),
    );
  throw new UsageError(
    `not enough is known, and there is no terminal to ask on: --cluster`,
    `--cluster with one of ${names.join(', ')}`,
  );
}
