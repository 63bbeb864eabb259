/** The closed list of roles: what each is called, how it is recognized (and `besides`, for the reference), and the words without which nothing can play it. */
import type { PublicRole } from '../config/public-hosts.ts';
import type { ServiceRole } from './entry.ts';

/** What each role is found by, for the search and for messages. */
export const ROLES = {
  'api-server': {
    kinds: ['Service'],
    words: ['15566', 'michelangelo-apiserver'],
    recognizedBy:
      'a Service with port or targetPort 15566, or named michelangelo-apiserver (prefixes and suffixes aside)',
    besides:
      'else the Service of pods with a container port 15566; headless twins only where there is no other; of several for the same pods the one that an entry uses',
  },
  envoy: {
    kinds: ['ConfigMap'],
    words: ['static_resources', 'staticResources', 'dynamic_resources', 'dynamicResources'],
    recognizedBy:
      'a ConfigMap with a document that has static_resources and an HTTP connection manager that routes to the API server',
    besides:
      'a bootstrap in several keys is read as one; one that leads nowhere counts where there is no other. Its Service is the one that picks its pods and leads to its listener; the label on a Service says which',
  },
  worker: {
    kinds: ['ConfigMap'],
    words: ['worker'],
    recognizedBy: 'a ConfigMap with a document that has worker.address',
    besides: 'of workers there may be several, and a label takes nothing from the others',
  },
  ui: {
    kinds: ['ConfigMap'],
    words: ['apiBaseUrl'],
    recognizedBy:
      'a ConfigMap with a JSON document, under a key that ends in .json, that has apiBaseUrl',
    besides: "the page's Service is that of the pods that mount it",
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
    besides:
      'routes of the Gateway API count too, and take no label; several entries follow together',
  },
  'app-entry': {
    kinds: ['Ingress'],
    words: [],
    recognizedBy: "an Ingress whose backend is Envoy's Service",
    besides:
      'routes of the Gateway API count too, and take no label; several entries follow together',
  },
  'ui-entry': {
    kinds: ['Ingress'],
    words: [],
    recognizedBy: "an Ingress whose backend is the page's Service",
    besides: "where it is the app's as well, no entry of its own is asked for",
  },
} as const;

/** A role of any kind of part; the value of the label that sets it. */
export type Role = keyof typeof ROLES;

/** Roles that a document inside a ConfigMap plays. */
export const DOCUMENT_ROLES = ['envoy', 'worker', 'ui', 'controller-manager'] as const;
/** One of these. */
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
