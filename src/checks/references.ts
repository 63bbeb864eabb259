/**
 * Names inside of documents, annotations and custom resources, which kustomize does not follow.
 *
 * What is outside by design is no finding: public DNS names, Services of other namespaces, issuers and Gateways that a stream without
 * any of its own refers to, or that the config says exist already.
 */

import {
  clustersOfRoute,
  connectionManagers,
  objectsAt,
  virtualHosts,
} from '../envoy/bootstrap.ts';
import { isHeadless, servicePorts } from '../manifests/workloads.ts';
import { findIssuer, type IssuerReference, issuerReferences } from '../surface/issuers.ts';
import { suggestService, type Upstream, upstreamsOf } from '../surface/upstreams.ts';
import { jsonOf, type ManifestView } from '../surface/view.ts';
import { getIn } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { GATEWAY_REFERENCE_CHECKS } from './gateway-references.ts';
import { documentFinding, type Finding, finding, type Search } from './shared/catalogue.ts';

const upstreams: Search = (view) =>
  upstreamsOf(view).flatMap((upstream) => onUpstream(upstream, view));

function onUpstream(upstream: Upstream, view: ManifestView): Finding[] {
  const { target, address, port, path, parsed, service, cluster } = upstream;
  const given = view.settings?.config.spec.envoy?.upstream;
  const isGiven = given !== undefined && given.host === address && given.port === port;
  if (!parsed || isGiven || parsed.name === 'localhost' || view.services.length === 0) return [];
  if (!service)
    return isOutside(upstream, view)
      ? []
      : [
          documentFinding('reference-missing', target, {
            path: `${path}.address`,
            message: `cluster ${cluster} sends requests to ${address}, and there is no such Service`,
            mend: suggestService(parsed.name, view),
          }),
        ];
  const ports = servicePorts(service).map((own) => own.port);
  // A headless Service is reached on the ports of its pods.
  if (isHeadless(service) || ports.length === 0 || ports.includes(port)) return [];
  return [
    documentFinding('backend-missing', target, {
      path: `${path}.port_value`,
      message: `cluster ${cluster} sends requests to port ${port} of Service ${service.name}, which has ${ports.join(', ')}`,
      mend: `use port ${ports[0]}`,
    }),
  ];
}

/** Whether an address is that of a Service of another stream: in a namespace that nothing here is in, under a name of its own. */
function isOutside({ parsed, target }: Upstream, { services }: ManifestView): boolean {
  if (!parsed?.namespace) return false;
  const isHere = services.some(({ namespace }) => namespace === parsed.namespace);
  const isMoved = services.some(
    ({ name, names }) => names.includes(parsed.name) || name === parsed.name,
  );
  const hasNamespaces = target.resource.namespace !== '';
  return !isHere && !(isMoved && hasNamespaces);
}

const routeClusters: Search = ({ envoys }) =>
  envoys.flatMap((target) => {
    const json = jsonOf(target);
    // Clusters that a control plane hands out are not in the file.
    if (getIn(json, ['dynamic_resources', 'cds_config']) !== undefined) return [];
    const clusters = objectsAt(json, ['static_resources', 'clusters']);
    const names = new Set(clusters.map(({ value }) => String(value['name'])));
    const routes = connectionManagers(json)
      .flatMap((manager) => virtualHosts(json, manager))
      .flatMap((host) => objectsAt(json, [...host.path, 'routes']));
    return routes.flatMap(({ path, value }) =>
      clustersOfRoute(value)
        .filter((name) => !names.has(name))
        .map((name) =>
          documentFinding('reference-missing', target, {
            path: `${toPath(path)}.route`,
            message: `a route leads to cluster ${name}, and there is no such cluster`,
            mend: `name one of: ${[...names].join(', ')}`,
          }),
        ),
    );
  });

const issuers: Search = (view) =>
  issuerReferences(view).flatMap((reference) => {
    if (findIssuer(reference, view) || !shouldBeHere(reference, view)) return [];
    const { owner, place, kind, name } = reference;
    const others = view.resources.ofKind(kind).map((issuer) => issuer.name);
    return [
      finding('reference-missing', {
        resource: owner,
        path: place,
        message: `there is no ${kind} ${name}`,
        mend: others.length > 0 ? `name one of: ${others.join(', ')}` : undefined,
      }),
    ];
  });

/** With modes that make an issuer it is part of the overlay; in other streams where there are issuers that sign for others. */
function shouldBeHere({ kind }: IssuerReference, { settings, resources }: ManifestView): boolean {
  if (settings) return settings.tlsMode === 'acme' || settings.tlsMode === 'ca';
  return resources
    .ofKind(kind)
    .some(({ json }) => getIn(json, ['spec', 'selfSigned']) === undefined);
}

export const REFERENCE_CHECKS: readonly Search[] = [
  upstreams,
  routeClusters,
  issuers,
  ...GATEWAY_REFERENCE_CHECKS,
];
