/** Clusters and routes that Envoy refuses, or that have nowhere to send requests; each beside a form that is right. */
import { test } from 'uvu';
import type { FindingCode } from '../../src/checks/shared/catalogue.ts';
import { changeIn, plantEach } from './plant-each.ts';
import { editDocument, type Manifest } from './support.ts';

const STREAMS = ['production', 'sound.yaml'] as const;

interface Parts {
  api: Manifest;
  clusters: Manifest[];
  hosts: Manifest[];
  /** Of the API. */
  routes: Manifest[];
  filters: Manifest[];
}

const envoy = (edit: (parts: Parts) => void) => (manifests: Manifest[]) =>
  editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
    const { clusters, listeners } = root.static_resources;
    const api = clusters.find((one: Manifest) => JSON.stringify(one).includes('15566'));
    const manager = listeners[0].filter_chains[0].filters[0].typed_config;
    const hosts = manager.route_config.virtual_hosts;
    const routes = hosts
      .flatMap((host: Manifest) => host.routes)
      .filter(({ route }: Manifest) => route?.cluster === api.name);
    edit({ api, clusters, hosts, routes, filters: manager.http_filters });
  });

const wrong = (code: FindingCode, name: string, edit: (parts: Parts) => void) =>
  changeIn(STREAMS, code)(name, envoy(edit));
const fine = (name: string, edit: (parts: Parts) => void) =>
  changeIn(STREAMS, undefined)(name, envoy(edit));

const weighted =
  (weight: number) =>
  ({ api, routes }: Parts) => {
    for (const { route } of routes) {
      delete route.cluster;
      route.weighted_clusters = { clusters: [{ name: api.name, weight }] };
    }
  };

await plantEach([
  wrong('envoy-refuses', 'a cluster twice', ({ api, clusters }) => {
    clusters.push(structuredClone(api));
  }),
  wrong('envoy-refuses', 'endpoints of a cluster that has none', ({ api }) => {
    api.type = 'ORIGINAL_DST';
  }),
  wrong('envoy-refuses', 'a cluster of discovery without a source', ({ api }) => {
    api.type = 'EDS';
  }),
  wrong('envoy-refuses', 'no weight at all', weighted(0)),
  fine('one cluster by weight', weighted(100)),
  wrong('envoy-refuses', 'two rewrites', ({ routes }) => {
    for (const { route } of routes)
      Object.assign(route, {
        prefix_rewrite: '/michelangelo.api.',
        regex_rewrite: { pattern: { regex: '^/x' }, substitution: '/y' },
      });
  }),
  wrong('envoy-refuses', 'the router is disabled', ({ filters }) => {
    filters[filters.length - 1].disabled = true;
  }),
  wrong('envoy-refuses', 'a health check without thresholds', ({ api }) => {
    api.health_checks = [{ timeout: '1s', interval: '5s', tcp_health_check: {} }];
  }),
  wrong('envoy-route-order', "the API's cluster has no endpoint", ({ api }) => {
    api.type = 'STRICT_DNS';
    api.load_assignment.endpoints = [];
  }),
  fine('a cluster without endpoints that nothing uses', ({ api, clusters }) => {
    clusters.push({ ...structuredClone(api), name: 'spare', load_assignment: undefined });
  }),
  wrong('envoy-route-order', 'calls are answered by Envoy', ({ routes }) => {
    for (const route of routes) {
      delete route.route;
      route.direct_response = { status: 503 };
    }
  }),
  changeIn(['sound.yaml'], 'envoy-route-timeout')(
    'the virtual host limits each try',
    envoy(({ hosts }) => {
      for (const host of hosts) host.retry_policy = { retry_on: '5xx', per_try_timeout: '2s' };
    }),
  ),
  fine('the virtual host tries again', ({ hosts }) => {
    for (const host of hosts) host.retry_policy = { retry_on: 'connect-failure', num_retries: 2 };
  }),
  changeIn(
    STREAMS,
    'envoy-limit',
    'warning',
  )(
    'a millisecond to connect',
    envoy(({ api }) => {
      api.connect_timeout = '0.001s';
    }),
  ),
  fine('a quarter of a second to connect', ({ api }) => {
    api.connect_timeout = '0.25s';
  }),
]);

test.run();
