/**
 * URLs that notifications and the page show to people.
 *
 * Source: Michelangelo's Helm chart, `controllermgr-configmap.yaml` and `notification-worker-configmap.yaml`.
 */
import { getIn } from '../yaml/json.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';

/** Where each stands in a config, under the name of its field in `spec.links`. */
export const LINK_PLACES = {
  studio: ['notification', 'studioBaseURL'],
  executions: ['workflowClient', 'executionUrlFormat'],
  logs: ['jobs', 'k8sengine', 'mapper', 'logPersistence', 'logURLFormat'],
} as const;

/** The links that programs show, by their fields of `spec.links`. */
export type LinkName = keyof typeof LINK_PLACES;
/** The same as a list. */
export const LINK_NAMES = Object.keys(LINK_PLACES) as LinkName[];

interface Link {
  target: DocumentTarget;
  path: readonly string[];
  text: string;
}

/** Every URL that the documents have at these places; an empty one is none. */
export function linksOf(clients: readonly DocumentTarget[]): Link[] {
  return clients.flatMap((target) =>
    Object.values(LINK_PLACES).flatMap((path): Link[] => {
      const text = getIn(jsonOf(target), path);
      return typeof text === 'string' && text !== '' ? [{ target, path, text }] : [];
    }),
  );
}
