/** The closed list of roles: what each is called, how it is recognized, and the words without which nothing can play it. */
import type { PublicRole } from '../config/public-hosts.ts';
import type { ServiceRole } from './entry.ts';

export const ROLES = {
  'api-server': {
    kinds: ['Service'],
    words: ['15566', 'michelangelo-apiserver'],
    recognizedBy:
      'a Service with port or targetPort 15566, or named michelangelo-apiserver (prefixes and suffixes aside)',
  },
  envoy: {
    kinds: ['ConfigMap'],
    words: ['static_resources', 'staticResources', 'dynamic_resources', 'dynamicResources'],
    recognizedBy:
      'a ConfigMap with a document that has static_resources and an HTTP connection manager that routes to the API server',
  },
  worker: {
    kinds: ['ConfigMap'],
    words: ['worker'],
    recognizedBy: 'a ConfigMap with a document that has worker.address',
  },
  ui: {
    kinds: ['ConfigMap'],
    words: ['apiBaseUrl'],
    recognizedBy:
      'a ConfigMap with a JSON document, under a key that ends in .json, that has apiBaseUrl',
  },
  'controller-manager': {
    kinds: ['ConfigMap'],
    words: ['controllermgr'],
    recognizedBy: 'a ConfigMap with a document that has controllermgr',
  },
  'task-pods': {
    kinds: ['ConfigMap'],
    words: ['michelangelo-config'],
    recognizedBy:
      'a ConfigMap named michelangelo-config (prefixes and suffixes of this build aside), or as spec.taskPods.configMap says, with variables such as REGISTRY_ENDPOINT or AWS_ENDPOINT_URL',
  },
  'api-entry': {
    kinds: ['Ingress'],
    words: [],
    recognizedBy: "an Ingress whose backend is the API server's Service",
  },
  'app-entry': {
    kinds: ['Ingress'],
    words: [],
    recognizedBy: "an Ingress whose backend is Envoy's Service",
  },
  'ui-entry': {
    kinds: ['Ingress'],
    words: [],
    recognizedBy: "an Ingress whose backend is the page's Service",
  },
} as const;

export type Role = keyof typeof ROLES;

/** Roles that a document inside a ConfigMap plays. */
export const DOCUMENT_ROLES = ['envoy', 'worker', 'ui', 'controller-manager'] as const;
export type DocumentRole = (typeof DOCUMENT_ROLES)[number];

/** The gRPC port that Michelangelo's API server listens on by default. */
export const API_PORT = 15566;

/** The name of the API server's Service in the guide and in our base. */
export const API_SERVICE = 'michelangelo-apiserver';

/** The name of Envoy's Service in the guide and in our base. */
export const ENVOY_SERVICE = 'michelangelo-envoy';

/** The name of the page's Service in the guide and in our base. */
export const UI_SERVICE = 'michelangelo-ui';

/** Which Service a public role's requests go to. */
export const SERVICE_ROLES = { api: 'api', app: 'envoy', ui: 'ui' } as const satisfies Record<
  PublicRole,
  ServiceRole
>;
