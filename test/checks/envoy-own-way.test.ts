/** Envoy's own way: changes of its document that break nothing, each beside the one of the same kind that does. */
import { test } from 'uvu';
import {
  apiRoute,
  editEnvoy,
  editManager,
  filter,
  hostOf,
  imageOfPage,
  policyOf,
  TRANSCODER,
  translateBy,
} from './envoy-plantings.ts';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const BOTH = ['production', 'onprem', 'sound.yaml', 'sound-contour.yaml'] as const;

const GRPC_WEB = filter('grpc_web', 'GrpcWeb');

const CHANGES: readonly PlantedChange[] = [
  {
    name: 'Envoy understands gRPC-Web and JSON, and the page speaks JSON',
    in: BOTH,
    plant: (manifests) => {
      translateBy(GRPC_WEB, TRANSCODER)(manifests);
      imageOfPage('ghcr.io/michelangelo-ai/ui:0.5.0')(manifests);
      editManager((manager) => {
        policyOf(manager).allow_headers += ', x-user-email, x-user-name';
      })(manifests);
    },
  },
  {
    name: 'a page whose tag tells nothing may speak JSON',
    in: BOTH,
    plant: (manifests) => {
      translateBy(TRANSCODER)(manifests);
      imageOfPage('registry.example.net/michelangelo/ui:2026-07-20')(manifests);
      editManager((manager) => {
        policyOf(manager).allow_headers += ', x-user-email, x-user-name';
      })(manifests);
    },
  },
  {
    name: 'the filter has a name of its own',
    in: BOTH,
    plant: translateBy({ ...GRPC_WEB, name: 'browsers' }),
  },
  {
    name: 'a filter that may do anything may translate',
    in: BOTH,
    plant: translateBy(filter('ext_proc', 'ExternalProcessor')),
  },
  {
    name: 'the filter is switched on at the virtual host',
    in: BOTH,
    plant: (manifests) => {
      translateBy({ ...GRPC_WEB, disabled: true })(manifests);
      editManager((manager) => {
        const own = hostOf(manager).typed_per_filter_config ?? {};
        own[GRPC_WEB.name] = {
          '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig',
          config: {},
        };
        hostOf(manager).typed_per_filter_config = own;
      })(manifests);
    },
  },
  {
    name: 'the timeout does not count beside a duration of streams',
    in: BOTH,
    plant: editManager((manager) => {
      apiRoute(manager).route.timeout = '15s';
    }),
  },
  {
    name: 'the older field lifts the timeout as well',
    in: BOTH,
    plant: editManager((manager) => {
      const { route } = apiRoute(manager);
      delete route.max_stream_duration;
      delete route.timeout;
      route.max_grpc_timeout = '0s';
    }),
  },
  {
    name: 'a timeout without end',
    in: BOTH,
    plant: editManager((manager) => {
      delete apiRoute(manager).route.max_stream_duration;
      apiRoute(manager).route.timeout = '0s';
    }),
  },
  {
    name: "the page's route has a timeout",
    in: BOTH,
    plant: editManager((manager) => {
      hostOf(manager).routes.at(-1).route.timeout = '10s';
    }),
  },
  {
    name: 'headers in other letters and another order',
    in: BOTH,
    plant: editManager((manager) => {
      const policy = policyOf(manager);
      policy.allow_headers = policy.allow_headers
        .toUpperCase()
        .split(/[\s,]+/)
        .reverse()
        .join(' , ');
    }),
  },
  {
    name: 'every header is allowed',
    in: BOTH,
    plant: editManager((manager) => {
      policyOf(manager).allow_headers = '*';
    }),
  },
  {
    name: 'the listener has an IPv6 address',
    in: BOTH,
    plant: editEnvoy(({ static_resources: { listeners } }) => {
      Object.assign(listeners[0].address.socket_address, { address: '::', ipv4_compat: true });
    }),
  },
  {
    name: 'a login proxy beside Envoy hands requests on',
    in: ['sound.yaml'],
    plant: (manifests) => {
      editEnvoy(({ static_resources: { listeners } }) => {
        listeners[0].address.socket_address.address = '127.0.0.1';
      })(manifests);
      find(manifests, 'Service', 'envoy').spec.ports[0].targetPort = 4180;
      find(manifests, 'Deployment', 'envoy').spec.template.spec.containers.push({
        name: 'login',
        image: 'quay.io/oauth2-proxy/oauth2-proxy:v7.9.0',
        ports: [{ name: 'login', containerPort: 4180 }],
      });
    },
  },
  {
    name: 'the admin interface is for the pod alone',
    in: BOTH,
    plant: editEnvoy((root: Manifest) => {
      root.admin = { address: { socket_address: { address: '127.0.0.1', port_value: 9902 } } };
    }),
  },
];

await plantEach(CHANGES);

test.run();
