/** A route that has to be made needs the Service that it leads to: what is said where there is none, or a choice. */
import type { PublicRole } from '../config/public-hosts.ts';
import { type Problem, resourceLabel, someOf } from '../errors.ts';
import { type Resource, ROLE_LABEL } from '../manifests/resource.ts';
import { selectorOf, servicePorts, typeOfService } from '../manifests/service.ts';
import { publicServicePort, servingPorts } from './envoy-service.ts';
import { NAMES_SHOWN } from './role-problems.ts';
import type { Surface } from './surface.ts';
import { isPageApart } from './ui-service.ts';

/** Undefined where a role has its Service and the port of it, or where no route is made for the role. */
export function serviceProblem(role: PublicRole, surface: Surface): Problem | undefined {
  if (!surface.settings?.entries[role].gateway) return undefined;
  if (role === 'ui' && !isPageApart(surface)) return undefined;
  const service = surface.serviceOf(role);
  if (service && publicServicePort(role, surface)) return undefined;
  if (role === 'ui') return pageProblem(surface);
  return role === 'app' ? envoyProblem(surface) : apiProblem(service);
}

function envoyProblem(surface: Surface): Problem {
  const { envoyPods, envoyServices, envoyService } = surface;
  const leading = envoyServices.filter((one) => servingPorts(one, envoyPods).length > 0);
  const fix = `label the right one with ${ROLE_LABEL}: envoy`;
  if (!envoyService && leading.length > 1)
    return {
      code: 'role-ambiguous',
      severity: 'error',
      message:
        "more than one Service leads to Envoy's listener, and no entry tells which of them is the app's",
      found: leading.map((one) => resourceLabel(one.reference)).join(', '),
      expected: 'one, or one that an entry of the app uses',
      fix,
    };
  const near = surface.services.filter(({ namespace }) =>
    envoyPods.envoys.some(({ resource }) => resource.namespace === namespace),
  );
  const names = near.map((one) => `${one.name} (${reasonAgainst(one, surface)})`);
  return {
    code: 'role-missing',
    severity: 'error',
    message: "no Service leads to Envoy's listener: the app's route would have no backend",
    found:
      names.length > 0
        ? `none of Service ${someOf(names, NAMES_SHOWN)}`
        : 'no Service beside Envoy',
    expected: `a Service in the namespace of Envoy's config that selects its pods, with a port that leads to ${envoyPods.listeners.join(' or ') || 'its listener'}`,
    fix: `add it, or correct its selector and port, or ${fix}; leave the app on its Ingress until then`,
  };
}

/** Why a Service is not Envoy's. */
function reasonAgainst(service: Resource, surface: Surface): string {
  const { envoyPods } = surface;
  if (typeOfService(service) === 'ExternalName') return 'an ExternalName';
  if (!selectorOf(service)) return 'no selector';
  const ports = servicePorts(service).map(({ targetPort }) => targetPort);
  if (surface.envoyServices.includes(service)) return `leads to ${ports.join(', ') || 'no port'}`;
  const selected = surface.podsOf(service);
  if (selected.some((workload) => envoyPods.workloads.includes(workload)))
    return `leads to ${ports.join(', ')}`;
  return selected.length > 0 ? 'selects other pods' : 'selects no pods of this build';
}

function pageProblem({ uiServices }: Surface): Problem {
  return {
    code: uiServices.length > 1 ? 'role-ambiguous' : 'role-missing',
    severity: 'error',
    message: "no Service is known to be the page's: its route would have no backend",
    found: uiServices.map((one) => resourceLabel(one.reference)).join(', ') || 'none',
    expected: 'one Service with a port that selects the pods which mount the config of the UI',
    fix: 'add it, or leave one; leave the page on its Ingress until then',
  };
}

function apiProblem(service: Resource | undefined): Problem {
  return {
    code: 'role-missing',
    severity: 'error',
    message: "no Service is known to be the API server's: the API's route would have no backend",
    ...(service ? { resource: service.reference, path: 'spec.ports' } : {}),
    expected: service ? 'one port, or one named grpc' : "the API server's Service in this build",
    fix: 'add it, and take api-server out of spec.absent; leave the API on its Ingress until then',
  };
}
