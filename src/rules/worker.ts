/** `hosts.api`, `port`, `worker.apiAddress` → `worker.address` and `worker.useTLS` of every worker. */
import type { Settings } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import { Draft } from '../manifests/edit.ts';
import { splitAddress } from '../net/addresses.ts';
import { apiServicePort } from '../surface/api-port.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { workerLayers } from '../surface/worker-layers.ts';
import { isObject } from '../yaml/json.ts';
import { fromDrafts, type Rule, targetProblem } from './rule.ts';
import { serviceHost, unclearPort } from './service-host.ts';

const OTHERWISE = 'set spec.worker.apiAddress to public';

export const worker: Rule = ({ settings, surface }) => {
  const problems = settings.apiAddress === 'service' ? serviceProblems(settings, surface) : [];
  const field = addressField(settings);
  const isPublic = settings.apiAddress === 'public';
  const useTls = isPublic && settings.scheme === 'https';
  const writeTls = (draft: Draft) =>
    draft.set(['worker', 'useTLS'], useTls, isPublic ? 'spec.tls.mode' : field);
  const drafts = surface.workers.map((target) => {
    const draft = new Draft(target.resource, target.key);
    const problem = shapeProblem(draft, target);
    if (problem) problems.push(problem);
    const address = workerAddress(settings, surface, target, draft.get(['worker', 'address']));
    if (problem || address === undefined) return draft;
    draft.set(['worker', 'address'], address, isPublic ? settings.hosts.api[0].from : field);
    writeTls(draft);
    return draft;
  });
  const layers = workerLayers(surface).map(({ resource, key }) => new Draft(resource, key));
  for (const layer of layers) writeTls(layer);
  return fromDrafts([...drafts, ...layers], problems);
};

/** Without TLS at the entry the Service is the default. */
function addressField({ config }: Settings): string {
  return config.spec.worker?.apiAddress === undefined ? 'spec.tls.mode' : 'spec.worker.apiAddress';
}

function shapeProblem(draft: Draft, target: DocumentTarget): Problem | undefined {
  if (!isObject(draft.get(['worker'])))
    return targetProblem(target, 'worker', {
      code: 'target-shape',
      message: 'the worker section is no map',
      expected: 'a map with address and useTLS',
      mend: 'write worker as a map with the key address',
    });
  const address = draft.get(['worker', 'address']);
  if (!isObject(address) && !Array.isArray(address)) return undefined;
  return targetProblem(target, 'worker.address', {
    code: 'target-shape',
    message: 'the address of the worker is no text',
    found: Array.isArray(address) ? 'a list' : 'a map',
    expected: 'host:port in one text',
    mend: 'write any text there, the function replaces it',
  });
}

/** What keeps every worker from the Service. A Service that is missing has a problem of its own, unless it is meant to be. */
function serviceProblems(settings: Settings, surface: Surface): Problem[] {
  const { apiServer } = surface;
  if (surface.workers.length === 0) return [];
  if (!apiServer && settings.absent.has('api-server'))
    return [
      {
        code: 'role-missing',
        severity: 'error',
        message: 'the workers are to use the API Service, which this base does not have',
        path: addressField(settings),
        found: 'api-server in spec.absent',
        expected: 'a Service with the role api-server',
        mend: `add the Service and take api-server out of spec.absent, or ${OTHERWISE}`,
      },
    ];
  // Envoy needs the same port, and says so.
  const isSaid =
    surface.only('envoy') !== undefined && settings.config.spec.envoy?.upstream === undefined;
  if (!apiServer || isSaid || apiServicePort(apiServer)) return [];
  return [unclearPort(apiServer, OTHERWISE)];
}

function workerAddress(
  settings: Settings,
  { apiServer }: Surface,
  target: DocumentTarget,
  written: unknown,
): string | undefined {
  if (settings.apiAddress === 'public') return settings.publicApiAddress;
  const port = apiServer && apiServicePort(apiServer)?.port;
  if (!apiServer || port === undefined) return undefined;
  const host = typeof written === 'string' ? splitAddress(written).host : '';
  const known = apiServer.names.includes(host.split('.')[0] ?? '') ? host : '';
  return `${serviceHost(apiServer, target.resource.namespace, known)}:${port}`;
}
