/**
 * Names of Services in the configs of our programs → the names that this build gave them: a prefix, a suffix or a namespace reaches no text
 * inside a ConfigMap, and no variable of a pod. Envoy's clusters have a rule of their own.
 */
import { Draft } from '../manifests/edit.ts';
import { hasPreviousName, PREVIOUS, type Resource } from '../manifests/resource.ts';
import { servicePorts } from '../manifests/service.ts';
import { serviceAt } from '../manifests/service-address.ts';
import { splitAddress } from '../net/addresses.ts';
import { configsOf, programsOf } from '../surface/configs.ts';
import { PEER_PLACES } from '../surface/peers.ts';
import type { Surface } from '../surface/surface.ts';
import {
  asNumber,
  asText,
  equalJson,
  getIn,
  isObject,
  type Json,
  leavesOf,
  list,
} from '../yaml/json.ts';
import { annotatedServices } from './annotated-services.ts';
import { PodDraft } from './pod-draft.ts';
import { FROM_BUILD, fromDrafts, NOTHING, type Rule } from './rule.ts';
import { serviceHost } from './service-host.ts';

type Path = readonly (string | number)[];

export const serviceNames: Rule = ({ surface }) => {
  const words = surface.manifests
    .find(['Service'], [PREVIOUS])
    .filter(hasPreviousName)
    .flatMap(({ names }) => names);
  if (words.length === 0) return NOTHING;
  const drafts = configsOf(surface, words).map(({ resource, key }) => {
    const json = resource.document(key)?.json;
    // A value by itself, as programs read it from their environment.
    const isPlain = typeof json !== 'object' || json === null;
    const draft = isPlain ? new Draft(resource) : new Draft(resource, key);
    if (isPlain) {
      const values = getIn(resource.json, ['data']);
      const value = asText(draft.get(['data', key]));
      const followed = follow(value, false, portOfVariable(values, key), resource, surface);
      if (followed !== value) draft.set(['data', key], followed, FROM_BUILD);
      return draft;
    }
    for (const { path, value } of leavesOf(json)) {
      const isHost = isHostPlace(json, path);
      const followed = follow(value, isHost, portBeside(json, path), resource, surface);
      if (followed !== value) draft.set(path, followed, FROM_BUILD);
    }
    return draft;
  });
  return fromDrafts([
    ...drafts,
    ...annotatedServices(surface),
    ...programsOf(surface).map((one) => followVariables(one, surface)),
  ]);
};

/** The variables that containers are given as they stand, and arguments that are an address: `--engine=cadence:7833`. */
function followVariables(workload: Resource, surface: Surface): PodDraft {
  const pod = new PodDraft(workload);
  for (const { path, json: container } of pod.containers()) {
    const variables = list(container['env']);
    const values = Object.fromEntries(
      variables.map(({ name, value }) => [asText(name), value ?? null]),
    );
    for (const [index, { name, value }] of variables.entries()) {
      if (typeof value !== 'string') continue;
      const port = portOfVariable(values, asText(name));
      const followed = follow(value, false, port, workload, surface);
      if (followed !== value) pod.set([...path, 'env', index, 'value'], followed, FROM_BUILD);
    }
    for (const key of ['command', 'args'])
      for (const { path: place, value: word } of leavesOf(container[key])) {
        const [, flag = '', value = ''] = /^(--?[\w.-]+=)?(.*)$/s.exec(word) ?? [];
        const followed = flag + follow(value, false, undefined, workload, surface);
        if (followed !== word) pod.set([...path, key, ...place], followed, FROM_BUILD);
      }
  }
  return pod;
}

/** Each address of a list that commas part. */
function follow(
  text: string,
  isHost: boolean,
  port: number | undefined,
  home: Resource,
  surface: Surface,
): string {
  return text
    .split(',')
    .map((item) => followOne(item, isHost, port, home, surface))
    .join(',');
}

/** A URL, `host:port`, or a host alone where something says that it is one. */
function followOne(
  text: string,
  isHost: boolean,
  portBeside: number | undefined,
  home: Resource,
  { manifests }: Surface,
): string {
  const { scheme, host, port: written } = splitAddress(text);
  if (host === '' || /\s/.test(text.trim())) return text;
  const port = written === undefined ? portBeside : Number(written);
  if (scheme === undefined && port === undefined && !isHost) return text;
  const service = serviceAt(host, home, manifests);
  if (!service || !hasPreviousName(service)) return text;
  // `redis:7` is an image.
  const ports = servicePorts(service).map((own) => own.port);
  if (port !== undefined && !ports.includes(port)) return text;
  const start = text.indexOf(host, text.indexOf('@') + 1 || (scheme?.length ?? -3) + 3);
  const current = serviceHost(service, home.namespace, host);
  return text.slice(0, start) + current + text.slice(start + host.length);
}

/** Places that hold a host in Michelangelo's own configs. */
function isHostPlace(json: Json | undefined, path: Path): boolean {
  return isObject(json) && PEER_PLACES.some((place) => equalJson(place.path, path));
}

/** Of `CADENCE_HOST` the value of `CADENCE_PORT`. */
function portOfVariable(values: Json | undefined, name: string): number | undefined {
  const begin = HOST_KEY.exec(name)?.index;
  const port = begin === undefined ? undefined : getIn(values, [`${name.slice(0, begin)}PORT`]);
  return /^\d+$/.test(asText(port)) ? asNumber(port) : undefined;
}

/** How the keys of hosts end. */
const HOST_KEY = /(?:host|server|address|endpoint)(?:_?name)?$/i;

/** The port in the same map, under `port` or a key that ends so. */
function portBeside(json: Json | undefined, path: Path): number | undefined {
  const holder = getIn(json, path.slice(0, -1));
  if (!isObject(holder) || !HOST_KEY.test(String(path.at(-1)))) return undefined;
  const found = Object.entries(holder).find(
    ([key, value]) => /port$/i.test(key) && /^\d+$/.test(asText(value)),
  );
  return found && asNumber(found[1]);
}
