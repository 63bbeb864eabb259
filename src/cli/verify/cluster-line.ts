/** Whether a cluster is reached at all, which one it is, and whether it is new enough: every other line through kubectl stands on it. */
import { printable } from '../../errors.ts';
import { needed } from '../../surface/requirements.ts';
import type { Surface } from '../../surface/surface.ts';
import { stringAt } from '../../yaml/json.ts';
import type { Kubectl } from './kubectl.ts';
import { failed, NoAnswer, notTried, ok, type Probe, type Step } from './line.ts';
import { isOlder } from './versions.ts';

const VERSION = ['get', '--raw', '/version'];

/** The cluster that the manifests are for. */
export function clusterLine(surface: Surface, kubectl: Kubectl): Probe {
  return {
    group: 'cluster',
    tried: 'Kubernetes API',
    command: kubectl.command(VERSION),
    run: async (step) => {
      const context = await contextOf(kubectl, step);
      const version = await versionOf(kubectl, step);
      const came = `${version}, ${context}`;
      const requirement = needed('Kubernetes', surface);
      if (!requirement) return ok(came, 'nothing here needs a version of it');
      const { version: wanted, because } = requirement;
      return isOlder(version, wanted)
        ? failed(came, `${because} needs ${wanted}: older ones drop the field, or refuse it`)
        : ok(came, `new enough: ${because} needs ${wanted}`);
    },
  };
}

/** A cluster that jobs are sent to, from this machine. */
export function computeClusterLine(name: string, kubectl: Kubectl): Probe {
  return {
    group: 'connections',
    tried: `Kubernetes API of compute cluster ${name}, from here`,
    command: kubectl.command(VERSION),
    run: async (step) => {
      if (!kubectl.isNamed)
        return notTried(
          `which cluster it is was not said: --compute-kubeconfig ${name}=FILE, or --compute-context ${name}=CONTEXT`,
        );
      const version = await versionOf(kubectl, step);
      return ok(version, 'the kubeconfig that was given leads there');
    },
  };
}

/** Not `kubectl version`, which fails where it does not like the server's. Source: Kubernetes' `version.Info`; `minor` may end in a plus. */
async function versionOf(kubectl: Kubectl, step: Step): Promise<string> {
  const found = await kubectl.get(VERSION, step);
  const [major, minor] = ['major', 'minor'].map((key) =>
    Number.parseInt(stringAt(found, [key]), 10),
  );
  if (!Number.isInteger(major) || !Number.isInteger(minor))
    throw new NoAnswer(failed('no version', 'what answers is not a Kubernetes API'));
  const whole = printable(stringAt(found, ['gitVersion']));
  return whole.startsWith(`v${major}.${minor}.`) ? whole : `v${major}.${minor}`;
}

/** Says which one kubectl takes by itself. */
async function contextOf(kubectl: Kubectl, step: Step): Promise<string> {
  const { stdout, isGood } = await kubectl.run(['config', 'current-context'], step);
  const name = printable(stdout.trim());
  if (isGood && name !== '') return `context ${name}`;
  if (kubectl.isNamed) return 'without a context';
  throw new NoAnswer(
    notTried('kubectl has no current context: --context or --kubeconfig names the cluster'),
  );
}
