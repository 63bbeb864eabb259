/** The workers' config as it is in the cluster, beside what the overlay says. */
import { splitDocuments } from '../../protocol/documents.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import { type Surface, surfaceOf } from '../../surface/surface.ts';
import { asText, getIn } from '../../yaml/json.ts';
import { getWords, type Kubectl } from './kubectl.ts';
import { failed, ok, type Probe } from './line.ts';

/** The item of the guide's list. */
const WORKER_ADDRESS = 6;

/** One line for each worker's document, after the one that reaches the cluster. */
export function workerLines({ workers }: Surface, kubectl: Kubectl, cluster: Probe): Probe[] {
  return workers.map((target): Probe => {
    const { name, namespace } = target.resource;
    const words = getWords('configmap', name, namespace);
    return {
      group: 'cluster',
      tried: `worker.address in ConfigMap ${namespace ? `${namespace}/` : ''}${name}`,
      command: kubectl.command(words),
      items: [WORKER_ADDRESS],
      after: [cluster],
      run: async (step) => {
        const found = await kubectl.get(words, step);
        if (!found)
          return failed(
            'there is none',
            'these manifests are not applied, or not as they are now: kubectl apply, and look again',
          );
        const live = surfaceOf(splitDocuments(Buffer.from(JSON.stringify(found))));
        const [first] = live.workers.filter(({ key }) => key === target.key);
        const [came, wanted] = [first && addressIn(first), addressIn(target)];
        if (came === undefined)
          return failed(`no worker.address in ${target.key}`, 'another program wrote it');
        return came === wanted
          ? ok(
              came,
              'as the overlay says; pods that started before it was written have what it said then',
            )
          : failed(came, `the overlay says ${wanted}: the ConfigMap is an older one`);
      },
    };
  });
}

function addressIn(target: DocumentTarget): string {
  const json = jsonOf(target);
  const isSecure = asText(getIn(json, ['worker', 'useTLS'])) === 'true';
  return `${asText(getIn(json, ['worker', 'address']) ?? 'nothing')} ${isSecure ? 'with' : 'without'} TLS`;
}
