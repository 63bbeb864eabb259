/** One failure each, planted in an overlay or in the manifests of others, with the code that has to name it. */

import type { FindingCode } from '../../src/checks/shared/catalogue.ts';
import type { Severity } from '../../src/surface/faults/fault.ts';
import { CLUSTER_PLANTINGS } from './cluster-plantings.ts';
import { ENTRY_PLANTINGS } from './entry-plantings.ts';
import { ENVOY_PLANTINGS } from './envoy-plantings.ts';
import { CONTROL_PLANES, editDocument, find, type Manifest, type OverlayName } from './support.ts';

export interface Planting {
  name: string;
  code: FindingCode;
  /** Default `error`. */
  severity?: Severity;
  /** Of every finding; any where none is given. */
  path?: string;
  /** Overlays or files of `foreign/` to plant it in, one at a time. */
  in: readonly (OverlayName | 'sound.yaml' | 'sound-contour.yaml' | 'sound-gateway.yaml')[];
  plant: (manifests: Manifest[]) => void;
}

const NGINX = 'nginx.ingress.kubernetes.io';
const ALL = ['staging', 'production', 'onprem', 'dev', 'sound.yaml', 'sound-contour.yaml'] as const;
const NGINX_STREAMS = ['production', 'sound.yaml'] as const;
const INGRESS_STREAMS = [
  'dev',
  'staging',
  'production',
  'sound.yaml',
  'sound-contour.yaml',
] as const;
const TLS_INGRESS_STREAMS = ['staging', 'production', 'sound.yaml', 'sound-contour.yaml'] as const;

const backendOf = (ingress: Manifest) => ingress.spec.rules[0].http.paths[0].backend.service;

/** The Ingress that leads to the API, and the one that leads to Envoy. */
const apiIngress = (manifests: Manifest[]) => ingressTo(manifests, 'apiserver');
const appIngress = (manifests: Manifest[]) => ingressTo(manifests, 'envoy');

function ingressTo(manifests: Manifest[], word: string): Manifest {
  return manifests.find(
    (manifest) => manifest.kind === 'Ingress' && backendOf(manifest).name.includes(word),
  );
}

export const PLANTINGS: readonly Planting[] = [
  ...ENVOY_PLANTINGS,
  {
    name: 'a variable that nothing fills in',
    code: 'placeholder-host',
    path: 'spec.rules[0].host',
    in: TLS_INGRESS_STREAMS,
    plant: (manifests) => {
      // An entry of another program, so that nothing else depends on its host.
      const other = structuredClone(apiIngress(manifests));
      other.metadata.name = 'docs';
      other.metadata.annotations = {};
      delete other.spec.tls;
      other.spec.rules = [{ host: 'docs.${DOMAIN}', http: { paths: [] } }];
      manifests.push(other);
    },
  },
  {
    name: 'the DomainConfig is listed as a resource',
    code: 'config-not-applied',
    in: ALL,
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'network.michelangelo.api/v1alpha1',
        kind: 'DomainConfig',
        metadata: { name: 'production' },
      });
    },
  },
  {
    name: 'the gRPC mark is missing on the Ingress',
    code: 'grpc-over-http1',
    in: NGINX_STREAMS,
    plant: (manifests) => {
      delete apiIngress(manifests).metadata.annotations[`${NGINX}/backend-protocol`];
    },
  },
  {
    name: 'the gRPC mark says HTTP',
    code: 'grpc-over-http1',
    in: NGINX_STREAMS,
    plant: (manifests) => {
      apiIngress(manifests).metadata.annotations[`${NGINX}/backend-protocol`] = 'HTTP';
    },
  },
  {
    name: 'the gRPC mark is missing on the Service',
    code: 'grpc-over-http1',
    in: ['staging', 'dev', 'sound-contour.yaml'],
    plant: (manifests) => {
      delete find(manifests, 'Service', 'apiserver').metadata.annotations;
    },
  },
  {
    name: 'the port of an HTTPRoute does not say that it speaks HTTP/2',
    code: 'grpc-over-http1',
    path: 'spec.ports[1].appProtocol',
    in: ['onprem'],
    plant: (manifests) => {
      const { ports } = find(manifests, 'Service', 'apiserver').spec;
      delete ports[0].appProtocol;
      ports.unshift({ name: 'admin', port: 9901 });
    },
  },
  {
    name: 'an HTTPRoute leads to a port that the Service does not have',
    code: 'backend-missing',
    in: ['onprem'],
    plant: (manifests) => {
      find(manifests, 'HTTPRoute', '-apiserver').spec.rules[0].backendRefs[0].port = 15999;
    },
  },
  {
    name: 'a TLSRoute, which needs no mark for HTTP/2, leads to an API of plain text',
    code: 'backend-tls',
    in: ['onprem'],
    plant: (manifests) => {
      delete find(manifests, 'Service', 'apiserver').spec.ports[0].appProtocol;
      const route = find(manifests, 'HTTPRoute', '-apiserver');
      route.kind = 'TLSRoute';
      route.spec.rules = [{ backendRefs: route.spec.rules[0].backendRefs }];
      const [{ sectionName }] = route.spec.parentRefs;
      const listener = find(manifests, 'Gateway').spec.listeners.find(
        ({ name }: Manifest) => name === sectionName,
      );
      Object.assign(listener, { protocol: 'TLS', tls: { mode: 'Passthrough' } });
    },
  },
  {
    name: 'a controller that cannot carry gRPC',
    code: 'grpc-over-http1',
    in: ['sound.yaml'],
    plant: (manifests) => {
      const { metadata, spec } = apiIngress(manifests);
      metadata.annotations = { 'kubernetes.io/ingress.class': 'gce' };
      delete spec.ingressClassName;
      spec.rules[0].http.paths[0].path = '/*';
    },
  },
  {
    name: "Envoy's cluster does not speak HTTP/2",
    code: 'grpc-over-http1',
    in: ALL,
    plant: (manifests) =>
      editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
        for (const cluster of root.static_resources.clusters) {
          delete cluster.http2_protocol_options;
          delete cluster.typed_extension_protocol_options;
        }
      }),
  },
  {
    name: 'a connection manager has no stat_prefix, as in the guide',
    code: 'envoy-stat-prefix',
    in: ALL,
    plant: (manifests) =>
      editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
        delete root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config
          .stat_prefix;
      }),
  },
  ...CLUSTER_PLANTINGS,
  ...ENTRY_PLANTINGS,
  {
    name: "the API server's config says that nobody is asked",
    code: 'api-without-authentication',
    severity: 'warning',
    path: 'data[base.yaml].apiserver.auth.mode',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: (manifests) => {
      const { metadata, spec } = find(manifests, 'Deployment', 'apiserver');
      manifests.push({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'apiserver-config', namespace: metadata.namespace },
        data: { 'base.yaml': 'apiserver: {auth: {mode: dummy}}\n' },
      });
      spec.template.spec.volumes = [{ name: 'config', configMap: { name: 'apiserver-config' } }];
      spec.template.spec.containers[0].volumeMounts = [{ name: 'config', mountPath: '/config' }];
    },
  },
  {
    name: "the API server's pods end TLS, and entry and Envoy speak plain gRPC to them",
    code: 'backend-tls',
    in: ['production', 'sound.yaml'],
    plant: (manifests) => {
      find(manifests, 'Service', 'apiserver').spec.ports[0].name = 'grpcs';
      backendOf(apiIngress(manifests)).port = { number: 15566 };
    },
  },
  {
    name: 'Envoy speaks TLS to pods that do not',
    code: 'backend-tls',
    in: ALL,
    plant: (manifests) =>
      editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
        for (const cluster of root.static_resources.clusters)
          if (JSON.stringify(cluster).includes('15566'))
            cluster.transport_socket = {
              name: 'envoy.transport_sockets.tls',
              typed_config: {
                '@type':
                  'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
              },
            };
      }),
  },
  {
    name: "Envoy speaks plain gRPC to pods whose config turns TLS on, and the entry's mark is right",
    code: 'backend-tls',
    path: 'data[envoy.yaml].static_resources.clusters[0].transport_socket',
    in: ['production'],
    plant: (manifests) => {
      editDocument(manifests, 'apiserver-config', 'base.yaml', (config) => {
        config.apiserver.tls = { enabled: true };
      });
      apiIngress(manifests).metadata.annotations[`${NGINX}/backend-protocol`] = 'GRPCS';
    },
  },
  {
    name: 'a timeout with a unit where the controller wants none',
    code: 'entry-timeouts',
    in: NGINX_STREAMS,
    plant: (manifests) => {
      apiIngress(manifests).metadata.annotations[`${NGINX}/proxy-read-timeout`] = '3600s';
    },
  },
  {
    name: 'the route of the API names a listener that is not there',
    code: 'reference-missing',
    in: ['onprem'],
    plant: (manifests) => {
      find(manifests, 'HTTPRoute', '-apiserver').spec.parentRefs[0].sectionName = 'nobody';
    },
  },
  {
    name: 'no listener takes the host of a route',
    code: 'reference-missing',
    in: ['onprem'],
    plant: (manifests) => {
      const { spec } = find(manifests, 'HTTPRoute', '-apiserver');
      delete spec.parentRefs[0].sectionName;
      for (const listener of find(manifests, 'Gateway').spec.listeners)
        if (spec.hostnames.includes(listener.hostname)) listener.hostname = 'x.example.net';
    },
  },
  {
    name: 'a route leads to a namespace that nothing is in',
    code: 'reference-missing',
    in: ['onprem'],
    plant: (manifests) => {
      const { spec } = find(manifests, 'HTTPRoute', '-apiserver');
      spec.rules[0].backendRefs[0].namespace = 'nowhere';
    },
  },
  {
    name: 'a gRPC mark on the app',
    code: 'grpc-mark-on-app',
    in: NGINX_STREAMS,
    plant: (manifests) => {
      appIngress(manifests).metadata.annotations[`${NGINX}/backend-protocol`] = 'GRPC';
    },
  },
  {
    name: 'an HTTP/2 mark on the Service of the app',
    code: 'grpc-mark-on-app',
    severity: 'warning',
    in: ['staging'],
    plant: (manifests) => {
      find(manifests, 'Service', 'envoy').metadata.annotations = {
        'traefik.ingress.kubernetes.io/service.serversscheme': 'h2c',
      };
    },
  },
  {
    name: 'the API entry has no TLS',
    code: 'api-entry-without-tls',
    in: ['production', 'sound.yaml', 'sound-contour.yaml'],
    plant: (manifests) => {
      delete apiIngress(manifests).spec.tls;
    },
  },
  {
    name: 'the route of the API is on the listener without TLS',
    code: 'api-entry-without-tls',
    in: ['onprem'],
    plant: (manifests) => {
      const [parent] = find(manifests, 'HTTPRoute', '-apiserver').spec.parentRefs;
      parent.sectionName = parent.sectionName.replace('https-', 'http-');
    },
  },
  {
    name: 'a timeout is missing on the API',
    code: 'entry-timeouts',
    in: NGINX_STREAMS,
    plant: (manifests) => {
      delete apiIngress(manifests).metadata.annotations[`${NGINX}/proxy-read-timeout`];
    },
  },
  {
    name: 'the timeout of sends is missing on the API',
    code: 'entry-timeouts',
    severity: 'warning',
    in: NGINX_STREAMS,
    plant: (manifests) => {
      delete apiIngress(manifests).metadata.annotations[`${NGINX}/proxy-send-timeout`];
    },
  },
  {
    name: 'a timeout is missing on the app',
    code: 'entry-timeouts',
    in: NGINX_STREAMS,
    plant: (manifests) => {
      delete appIngress(manifests).metadata.annotations[`${NGINX}/proxy-read-timeout`];
    },
  },
  {
    name: 'a timeout in a unit that the controller does not read',
    code: 'entry-timeouts',
    in: ['sound-contour.yaml'],
    plant: (manifests) => {
      apiIngress(manifests).metadata.annotations['projectcontour.io/response-timeout'] = '3600';
    },
  },
  {
    name: 'a timeout that is shorter on purpose',
    code: 'entry-timeouts',
    severity: 'warning',
    in: NGINX_STREAMS,
    plant: (manifests) => {
      apiIngress(manifests).metadata.annotations[`${NGINX}/proxy-read-timeout`] = '900';
    },
  },
  {
    name: 'an HTTPRoute without a timeout',
    code: 'entry-timeouts',
    in: ['onprem'],
    plant: (manifests) => {
      delete find(manifests, 'HTTPRoute', '-apiserver').spec.rules[0].timeouts;
    },
  },
  {
    name: 'a GRPCRoute whose streams are cut',
    code: 'grpc-route-cut',
    in: ['onprem'],
    plant: (manifests) => {
      const route = find(manifests, 'HTTPRoute', '-apiserver');
      route.kind = 'GRPCRoute';
      const [rule] = route.spec.rules;
      delete rule.timeouts;
      delete rule.matches;
    },
  },
  {
    name: 'two Ingresses with one host and path',
    code: 'duplicate-entry',
    in: INGRESS_STREAMS,
    plant: (manifests) => {
      const copy = structuredClone(appIngress(manifests));
      copy.metadata.name += '-copy';
      if (copy.spec.tls) copy.spec.tls[0].secretName += '-copy';
      manifests.push(copy);
    },
  },
  {
    name: 'two routes with one host and path',
    code: 'duplicate-entry',
    in: ['onprem'],
    plant: (manifests) => {
      const copy = structuredClone(find(manifests, 'HTTPRoute', '-apiserver'));
      copy.metadata.name += '-copy';
      manifests.push(copy);
    },
  },
  {
    name: 'no entry for the app',
    code: 'entry-missing',
    severity: 'warning',
    in: ['staging', 'production'],
    plant: (manifests) => {
      manifests.splice(manifests.indexOf(appIngress(manifests)), 1);
    },
  },
  {
    name: 'Envoy sends what belongs to the page to the API server',
    code: 'ui-not-served',
    in: ALL,
    plant: (manifests) =>
      editDocument(manifests, 'envoy', 'envoy.yaml', (envoy) => {
        const [host] = managerOf(envoy).route_config.virtual_hosts;
        const routes = host.routes.flatMap(({ route }: Manifest) => route ?? []);
        for (const route of routes) route.cluster = routes[0].cluster;
      }),
  },
  {
    name: "the ACME solver has another class than the entry's",
    code: 'acme-solver-class',
    in: ['staging', 'production'],
    plant: (manifests) => {
      const { acme } = find(manifests, 'ClusterIssuer').spec;
      acme.solvers[0].http01.ingress.ingressClassName = 'public';
    },
  },
  {
    name: 'the ACME solver is on a Gateway, and the entry an Ingress',
    code: 'acme-solver-class',
    in: ['production'],
    plant: (manifests) => {
      const { acme } = find(manifests, 'ClusterIssuer').spec;
      acme.solvers[0].http01 = {
        gatewayHTTPRoute: { parentRefs: [{ name: 'public', namespace: 'gateways' }] },
      };
    },
  },
  {
    name: 'the ACME solver is on an Ingress, and the Certificate beside a Gateway of another namespace',
    code: 'acme-solver-class',
    in: ['onprem'],
    plant: (manifests) => {
      const gateway = find(manifests, 'Gateway');
      gateway.metadata.namespace = 'gateways';
      for (const { kind, spec } of manifests)
        if (/^(?:HTTP|TLS)Route$/.test(kind)) spec.parentRefs[0].namespace = 'gateways';
      for (const one of gateway.spec.listeners) one.allowedRoutes.namespaces.from = 'All';
      const [{ hostname, tls }] = gateway.spec.listeners;
      const certificate = structuredClone(find(manifests, 'Certificate'));
      certificate.metadata = { name: 'api', namespace: 'gateways' };
      certificate.spec.secretName = tls.certificateRefs[0].name;
      certificate.spec.dnsNames = [hostname];
      certificate.spec.issuerRef.name = 'acme';
      delete gateway.metadata.annotations;
      const issuer = structuredClone(find(manifests, 'ClusterIssuer'));
      issuer.metadata.name = 'acme';
      issuer.spec = {
        acme: {
          server: 'https://acme-v02.api.letsencrypt.org/directory',
          privateKeySecretRef: { name: 'account' },
          solvers: [{ http01: { ingress: { ingressClassName: 'nginx' } } }],
        },
      };
      manifests.push(certificate, issuer);
    },
  },
  {
    name: 'the challenge path is led to a backend of ours',
    code: 'acme-challenge-blocked',
    in: TLS_INGRESS_STREAMS,
    plant: (manifests) => {
      const [rule] = appIngress(manifests).spec.rules;
      rule.http.paths.push({ ...rule.http.paths[0], path: '/.well-known/acme-challenge/' });
    },
  },
  {
    name: 'a redirect takes the challenge path',
    code: 'acme-challenge-blocked',
    in: ['onprem'],
    plant: (manifests) => {
      const route = find(manifests, 'HTTPRoute', '-apiserver-redirect');
      route.spec.rules[0].matches[0].path.value = '/.well-known/acme-challenge';
    },
  },
  {
    name: 'a common name of 70 characters',
    code: 'common-name-too-long',
    in: ['onprem'],
    plant: (manifests) => {
      find(manifests, 'Certificate').spec.commonName = `${'a'.repeat(60)}.example.org`;
    },
  },
  {
    name: 'a common name of 70 characters in an annotation',
    code: 'common-name-too-long',
    in: NGINX_STREAMS,
    plant: (manifests) => {
      appIngress(manifests).metadata.annotations['cert-manager.io/common-name'] =
        `${'a'.repeat(60)}.example.org`;
    },
  },
  {
    name: 'the host is not among the TLS hosts',
    code: 'host-not-in-tls',
    in: TLS_INGRESS_STREAMS,
    plant: (manifests) => {
      appIngress(manifests).spec.tls[0].hosts = ['www.example.org'];
    },
  },
  {
    name: "a certificate without the app's host",
    code: 'host-not-in-tls',
    in: ['onprem'],
    plant: (manifests) => {
      find(manifests, 'Certificate').spec.dnsNames = ['www.example.org'];
    },
  },
  {
    name: 'the key pair of an issuer is not where cert-manager looks for it',
    code: 'issuer-secret-missing',
    path: 'spec.ca.secretName',
    in: ALL,
    plant: (manifests) => {
      const [name, namespace] = ['root-ca', 'platform'];
      const spec = { ca: { secretName: name } };
      manifests.push(
        { apiVersion: 'cert-manager.io/v1', kind: 'Issuer', metadata: { name, namespace }, spec },
        { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'cert-manager' } },
      );
    },
  },
  {
    name: 'one issued Secret for two Ingresses',
    code: 'shared-issuer-secret',
    in: ['staging', 'production', 'sound.yaml'],
    plant: (manifests) => {
      appIngress(manifests).spec.tls[0].secretName = apiIngress(manifests).spec.tls[0].secretName;
    },
  },
  {
    name: 'one issued Secret for two listeners',
    code: 'shared-issuer-secret',
    in: ['onprem'],
    plant: (manifests) => {
      const { listeners } = find(manifests, 'Gateway').spec;
      const [first] = listeners;
      listeners.push({ ...first, name: 'other', hostname: 'other.ml.corp.example.com' });
    },
  },
  {
    name: 'the backend of the API is a Service that is not there',
    code: 'backend-missing',
    in: INGRESS_STREAMS,
    plant: (manifests) => {
      backendOf(apiIngress(manifests)).name = 'nobody';
    },
  },
  {
    name: 'the backend of the app is a Service that is not there',
    code: 'backend-missing',
    in: INGRESS_STREAMS,
    plant: (manifests) => {
      backendOf(appIngress(manifests)).name = 'nobody';
    },
  },
  {
    name: 'the backend is a port that the Service does not have',
    code: 'backend-missing',
    in: INGRESS_STREAMS,
    plant: (manifests) => {
      backendOf(appIngress(manifests)).port = { number: 9999 };
    },
  },
  {
    name: 'the selector of the API picks nothing',
    code: 'backend-missing',
    in: ALL,
    plant: (manifests) => {
      find(manifests, 'Service', 'apiserver').spec.selector = { app: 'nobody' };
    },
  },
  {
    name: 'the selector of Envoy picks nothing',
    code: 'backend-missing',
    in: ALL,
    plant: (manifests) => {
      find(manifests, 'Service', 'envoy').spec.selector = { app: 'nobody' };
    },
  },
  {
    name: 'no container has the port that a Service leads to',
    code: 'backend-missing',
    path: 'spec.ports[1].targetPort',
    in: ALL,
    plant: (manifests) => {
      const { ports } = find(manifests, 'Service', 'envoy').spec;
      ports[0].targetPort = 'web';
      ports.unshift({ name: 'admin', port: 9901 });
    },
  },
  {
    name: "the Service leads to a port that is not Envoy's listener",
    code: 'backend-missing',
    in: ALL,
    plant: (manifests) => {
      find(manifests, 'Service', 'envoy').spec.ports[0].targetPort = 7777;
    },
  },
  {
    name: 'a cluster sends to a port that the Service does not have',
    code: 'backend-missing',
    in: ALL,
    plant: (manifests) =>
      editDocument(manifests, 'envoy', 'envoy.yaml', ({ static_resources: { clusters } }) => {
        upstreamOf(clusters[1]).port_value = 81;
      }),
  },
  {
    name: 'the upstream is a Service that was renamed',
    code: 'reference-missing',
    in: ALL,
    plant: (manifests) =>
      editDocument(manifests, 'envoy', 'envoy.yaml', ({ static_resources: { clusters } }) => {
        upstreamOf(clusters[0]).address = 'inner-apiserver';
      }),
  },
  {
    name: 'the upstream is in a namespace that an outer layer replaced',
    code: 'reference-missing',
    in: ['staging', 'production', 'onprem', 'dev', 'sound-contour.yaml'],
    plant: (manifests) =>
      editDocument(manifests, 'envoy', 'envoy.yaml', ({ static_resources: { clusters } }) => {
        upstreamOf(clusters[0]).address += '.inner.svc.cluster.local';
      }),
  },
  {
    name: 'a route leads to a cluster that is not there',
    code: 'reference-missing',
    in: ALL,
    plant: (manifests) =>
      editDocument(manifests, 'envoy', 'envoy.yaml', (envoy) => {
        const [host] = managerOf(envoy).route_config.virtual_hosts;
        host.routes.at(-1).route.cluster = 'nobody';
      }),
  },
  {
    name: 'an annotation names an issuer that is not there',
    code: 'reference-missing',
    in: ['staging', 'production'],
    plant: (manifests) => {
      appIngress(manifests).metadata.annotations['cert-manager.io/cluster-issuer'] = 'inner';
    },
  },
  {
    name: 'a Certificate names an issuer that is not there',
    code: 'reference-missing',
    in: ['onprem'],
    plant: (manifests) => {
      find(manifests, 'Certificate').spec.issuerRef.name = 'inner';
    },
  },
  {
    name: 'a route attaches to a Gateway that is not there',
    code: 'reference-missing',
    in: ['onprem'],
    plant: (manifests) => {
      find(manifests, 'HTTPRoute', '-envoy-redirect').spec.parentRefs[0].name = 'inner';
    },
  },
  {
    name: 'a route attaches to a listener that is not there',
    code: 'reference-missing',
    in: ['onprem'],
    plant: (manifests) => {
      find(manifests, 'TLSRoute').spec.parentRefs[0].sectionName = 'nobody';
    },
  },
  {
    name: 'a route leads to a Service that is not there',
    code: 'reference-missing',
    in: ['onprem'],
    plant: (manifests) => {
      find(manifests, 'HTTPRoute', '-apiserver').spec.rules[0].backendRefs[0].name = 'inner';
    },
  },
  {
    name: 'nothing polls the task list of triggers',
    code: 'task-list-missing',
    severity: 'warning',
    path: 'data[base.yaml].workflow-engine.workers',
    in: ALL,
    plant: (manifests) =>
      editDocument(manifests, 'worker', 'base.yaml', (config) => {
        const { workers } = config['workflow-engine'];
        config['workflow-engine'].workers = workers.filter(
          ({ taskList }: Manifest) => taskList !== 'trigger_run',
        );
      }),
  },
  {
    name: 'the controller manager speaks Cadence to Temporal: the provider has a small letter',
    code: 'engine-differs',
    severity: 'warning',
    path: 'data[base.yaml].workflowClient.provider',
    in: ['dev', 'production'],
    plant: (manifests) =>
      editDocument(manifests, 'controllermgr', 'base.yaml', (config) => {
        config.workflowClient.provider = 'temporal';
      }),
  },
  {
    name: 'the controller manager names no engine, and the workers name Temporal',
    code: 'engine-differs',
    severity: 'warning',
    path: 'data[base.yaml].workflowClient.provider',
    in: ['dev', 'production'],
    plant: (manifests) =>
      editDocument(manifests, 'controllermgr', 'base.yaml', (config) => {
        delete config.workflowClient.provider;
      }),
  },
  {
    name: 'the controller manager names the other engine',
    code: 'engine-differs',
    path: 'data[base.yaml].workflowClient.provider',
    in: ['dev', 'production'],
    plant: (manifests) =>
      editDocument(manifests, 'controllermgr', 'base.yaml', (config) => {
        config.workflowClient.provider = 'cadence';
      }),
  },
  {
    name: 'the controller manager connects to another engine',
    code: 'engine-differs',
    severity: 'warning',
    path: 'data[base.yaml].workflowClient.host',
    in: ['dev', 'production'],
    plant: (manifests) =>
      editDocument(manifests, 'controllermgr', 'base.yaml', (config) => {
        config.workflowClient.host = 'cadence-frontend:7833';
      }),
  },
  {
    name: 'a layer outside of the function renames the ConfigMap of task pods',
    code: 'task-pods-name',
    path: 'metadata.name',
    in: CONTROL_PLANES,
    plant: (manifests) => {
      find(manifests, 'ConfigMap', 'michelangelo-config').metadata.name = 'eu-michelangelo-config';
    },
  },
  {
    name: 'task pods are told a short name that resolves in another namespace only',
    code: 'task-pods-address',
    path: 'data.REGISTRY_ENDPOINT',
    in: CONTROL_PLANES,
    plant: (manifests) => {
      const { metadata, data } = find(manifests, 'ConfigMap', 'michelangelo-config');
      metadata.namespace = 'default';
      data.REGISTRY_ENDPOINT = 'michelangelo-apiserver:15566';
    },
  },
  {
    name: 'task pods speak plain gRPC to the public address',
    code: 'task-pods-address',
    path: 'data.REGISTRY_INSECURE',
    in: ['production', 'staging'],
    plant: (manifests) => {
      delete find(manifests, 'ConfigMap', 'michelangelo-config').data.REGISTRY_INSECURE;
    },
  },
  {
    name: 'task pods write to another store than workers read from',
    code: 'store-differs',
    severity: 'warning',
    path: 'data.AWS_ENDPOINT_URL',
    in: CONTROL_PLANES,
    plant: (manifests) => {
      find(manifests, 'ConfigMap', 'michelangelo-config').data.AWS_ENDPOINT_URL =
        'https://minio.example.net:9000';
    },
  },
  {
    name: 'the worker uses plain HTTP where others use TLS',
    code: 'store-differs',
    in: CONTROL_PLANES,
    plant: (manifests) =>
      editDocument(manifests, 'worker', 'base.yaml', (config) => {
        delete config.minio.secure;
        config.minio.awsEndpointUrl += ':443';
      }),
  },
  {
    name: 'the worker is given a URL of the store',
    code: 'store-url',
    path: 'data[base.yaml].minio.awsEndpointUrl',
    in: CONTROL_PLANES,
    plant: (manifests) =>
      editDocument(manifests, 'worker', 'base.yaml', (config) => {
        config.minio.awsEndpointUrl = `https://${config.minio.awsEndpointUrl}`;
      }),
  },
  {
    name: 'executions are linked on the machine of whoever opens them',
    code: 'link-not-public',
    severity: 'warning',
    path: 'data[base.yaml].workflowClient.executionUrlFormat',
    in: ['production', 'staging', 'onprem'],
    plant: (manifests) =>
      editDocument(manifests, 'controllermgr', 'base.yaml', (config) => {
        config.workflowClient.executionUrlFormat = 'http://localhost:8088/domains/{{.Domain}}';
      }),
  },
  {
    name: 'a selector does not take its own pods',
    code: 'kubernetes-refuses',
    path: 'spec.selector',
    in: ['production', 'onprem', 'sound.yaml'],
    plant: (manifests) => {
      find(manifests, 'Deployment', 'worker').spec.selector = { matchLabels: { app: 'other' } };
    },
  },
  {
    name: 'a container requests more than its limit',
    code: 'kubernetes-refuses',
    path: 'spec.template.spec.containers[0].resources.requests.memory',
    in: ['production', 'sound-gateway.yaml'],
    plant: (manifests) => {
      find(manifests, 'Deployment', 'envoy').spec.template.spec.containers[0].resources = {
        requests: { memory: '1Gi', cpu: '100m' },
        limits: { memory: '512Mi', cpu: '1' },
      };
    },
  },
  {
    name: 'the class is said twice, and not the same',
    code: 'kubernetes-refuses',
    path: 'metadata.annotations[kubernetes.io/ingress.class]',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'Ingress').metadata.annotations['kubernetes.io/ingress.class'] = 'other';
    },
  },
  {
    name: 'an annotation is a boolean',
    code: 'kubernetes-refuses',
    path: 'metadata.annotations[example.com/checked]',
    in: ['production', 'sound-contour.yaml'],
    plant: (manifests) => {
      find(manifests, 'Ingress').metadata.annotations['example.com/checked'] = true;
    },
  },
  {
    name: 'a value of a Secret is not base64',
    code: 'kubernetes-refuses',
    path: 'data.password',
    in: ['production', 'sound-gateway.yaml'],
    plant: (manifests) => {
      const data = { password: 'as it is!' };
      manifests.push({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, data });
    },
  },
  {
    name: 'two ports of a Service have one name',
    code: 'kubernetes-refuses',
    path: 'spec.ports[1].name',
    in: ['production', 'sound-gateway.yaml'],
    plant: (manifests) => {
      const { ports } = find(manifests, 'Service', 'apiserver').spec;
      ports[1] = { ...ports[0], port: 9999 };
      ports.length = 2;
    },
  },
  {
    name: 'a rollout that may neither add nor take a pod',
    code: 'kubernetes-refuses',
    path: 'spec.strategy.rollingUpdate.maxUnavailable',
    in: ['production', 'sound.yaml'],
    plant: (manifests) => {
      const rollingUpdate = { maxSurge: 0, maxUnavailable: '0%' };
      find(manifests, 'Deployment', 'worker').spec.strategy = { rollingUpdate };
    },
  },
  {
    name: 'a backend has no port',
    code: 'kubernetes-refuses',
    path: 'spec.rules[0].http.paths[0].backend.service',
    in: ['production', 'staging'],
    plant: (manifests) => {
      delete find(manifests, 'Ingress').spec.rules[0].http.paths[0].backend.service.port;
    },
  },
  {
    name: 'two Services ask for one node port',
    code: 'kubernetes-refuses',
    path: 'spec.ports[0].nodePort',
    in: ['production', 'sound-gateway.yaml'],
    plant: (manifests) => {
      for (const { kind, spec } of manifests)
        if (kind === 'Service') {
          spec.type = 'NodePort';
          spec.ports[0].nodePort = 30080;
        }
    },
  },
  {
    name: 'a role is given to the ServiceAccount of another namespace',
    code: 'role-binding',
    path: 'subjects[0].namespace',
    in: ['production', 'onprem'],
    plant: (manifests) => {
      find(manifests, 'ClusterRoleBinding', 'apiserver').subjects[0].namespace = 'default';
    },
  },
  {
    name: 'a binding names a role without the prefix that it has',
    code: 'role-binding',
    path: 'roleRef.name',
    in: ['production', 'staging'],
    plant: (manifests) => {
      const { roleRef } = find(manifests, 'ClusterRoleBinding', 'apiserver');
      roleRef.name = roleRef.name.replace(/^.*michelangelo-/, '');
    },
  },
  {
    name: "the API's Service takes every pod of the installation",
    code: 'service-picks-others',
    path: 'spec.selector',
    in: ['production', 'onprem'],
    plant: (manifests) => {
      find(manifests, 'Service', 'apiserver').spec.selector = {
        'app.kubernetes.io/part-of': 'michelangelo',
      };
    },
  },
  {
    name: 'a boolean of the worker is a string',
    code: 'program-value',
    path: 'data[base.yaml].worker.useTLS',
    in: CONTROL_PLANES,
    plant: (manifests) =>
      editDocument(manifests, 'worker', 'base.yaml', (config) => {
        config.worker.useTLS = String(config.worker.useTLS);
      }),
  },
  {
    name: 'the store is signed for in another region than its own',
    code: 'program-value',
    path: 'data[base.yaml].minio.awsRegion',
    in: ['production'],
    plant: (manifests) =>
      editDocument(manifests, 'worker', 'base.yaml', (config) => {
        config.minio.awsRegion = 'us-east-1';
      }),
  },
  {
    name: 'two listeners are alike',
    code: 'listener-refused',
    path: 'spec.listeners[1]',
    in: ['onprem', 'sound-gateway.yaml'],
    plant: (manifests) => {
      const { listeners } = find(manifests, 'Gateway').spec;
      listeners.splice(1, 0, { ...structuredClone(listeners[0]), name: 'again' });
    },
  },
  {
    name: 'TLS ends without a certificate',
    code: 'listener-refused',
    path: 'spec.listeners[0].tls',
    in: ['onprem', 'sound-gateway.yaml'],
    plant: (manifests) => {
      delete find(manifests, 'Gateway').spec.listeners[0].tls.certificateRefs;
    },
  },
  {
    name: 'the only backend weighs nothing',
    code: 'listener-refused',
    path: 'spec.rules[0].backendRefs',
    in: ['onprem', 'sound-gateway.yaml'],
    plant: (manifests) => {
      const route = manifests.find(({ kind }) => ['GRPCRoute', 'HTTPRoute'].includes(kind));
      route.spec.rules[0].backendRefs[0].weight = 0;
    },
  },
];

function upstreamOf(cluster: Manifest): Manifest {
  return cluster.load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address;
}

function managerOf(envoy: Manifest): Manifest {
  return envoy.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
}
