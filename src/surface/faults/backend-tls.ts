/** Whether entries and Envoy speak TLS to the API server exactly where its pods end TLS. */
import { speaksTls } from '../../envoy/upstreams.ts';
import { servicePort } from '../../manifests/service.ts';
import { isOneProgram, tlsPortBeside, whyApiEndsTls } from '../api-tls.ts';
import { isToldTls } from '../backend-tls.ts';
import type { Entry, EntryPath } from '../entry.ts';
import { isToldGrpc } from '../grpc-backend.ts';
import type { Surface } from '../surface.ts';
import type { Upstream } from '../upstreams.ts';
import { type Fault, inDocument } from './fault.ts';

/** Resources by which a controller may be told of TLS in a way that is not read here. */
const POLICIES = ['DestinationRule', 'ServersTransport', 'BackendTLSPolicy'];

/** Undefined for what speaks HTTP/1.1, which has a finding of its own. */
export function entryTlsFault(entry: Entry, path: EntryPath, surface: Surface): Fault | undefined {
  const { service } = path.backend;
  if (path.role !== 'api' || !service) return undefined;
  const { resource } = entry;
  const who = `${resource.kind} ${resource.name}`;
  const why = whyApiEndsTls(service, surface, path.backend.port);
  const isTls = entry.tlsPlace === 'envoy' || isToldTls(entry, path, surface);
  const port = servicePort(service, path.backend.port);
  const secured = isTls && port ? tlsPortBeside(service, port, surface) : undefined;
  if (port && secured && why === undefined)
    return {
      resource,
      path: path.place,
      message: `${who} ${entry.tlsPlace === 'envoy' ? 'passes TLS through' : 'speaks TLS'} to port ${port.port} of Service ${service.name}, and TLS is on its port ${secured.port}, which is called ${secured.name}`,
      fix: `lead it to port ${secured.port}`,
    };
  if (isTls && why === undefined)
    return {
      resource,
      message: `${who} ${entry.tlsPlace === 'envoy' ? 'passes TLS through' : 'speaks TLS'} to Service ${service.name}, and the config of its pods does not turn TLS on`,
      fix: `${entry.tlsPlace === 'envoy' ? 'let TLS end at the entry' : 'let the entry speak plain gRPC to the backend'}, or turn TLS of the API server on`,
    };
  if (isTls || why === undefined || !isToldGrpc(entry, path, surface.manifests)) return undefined;
  if (surface.manifests.find(POLICIES, service.names).length > 0) return undefined;
  return {
    resource,
    message: `${who} speaks plain gRPC to Service ${service.name}, and ${why}`,
    fix: `${
      entry.form === 'route'
        ? 'add a BackendTLSPolicy for the Service'
        : 'let the entry speak TLS to the backend (ingress-nginx: `nginx.ingress.kubernetes.io/backend-protocol: GRPCS`)'
    }, or turn TLS of the API server off and name its port grpc`,
  };
}

/** What Envoy's clusters speak to the Service of the API server. */
export function upstreamTlsFault(upstream: Upstream, surface: Surface): Fault | undefined {
  const { target, service, json, cluster, clusterPath } = upstream;
  if (!service || !surface.apiServices.includes(service)) return undefined;
  const why = whyApiEndsTls(service, surface, upstream.port);
  const isTls = speaksTls(json);
  const place = [...clusterPath, 'transport_socket'];
  if (!isTls && why !== undefined)
    return inDocument(target, place, {
      message: `cluster ${cluster} speaks plain gRPC to Service ${service.name}, and ${why}`,
      fix: 'give the cluster a `transport_socket` with an `UpstreamTlsContext` that trusts the certificate of the API server, or turn TLS of the API server off and name its port grpc',
    });
  if (!isTls || why !== undefined) return undefined;
  return inDocument(target, place, {
    message: `cluster ${cluster} speaks TLS to Service ${service.name}, and nothing shows that its pods end TLS`,
    fix: 'take the `transport_socket` away; or, where the pods end TLS, name the port of the Service grpcs',
    severity: isOneProgram(surface.podsOf(service)) ? undefined : 'warning',
  });
}
