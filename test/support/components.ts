/** What the components beside the base say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../src/build/paths.ts';

/** Envoy's config with the transcoder, as it stands in the component. */
export const transcoderConfig = readFileSync(
  join(packageRoot, 'base/components/json-transcoder/envoy.yaml'),
  'utf8',
);

interface Bootstrap {
  static_resources: {
    listeners: {
      filter_chains: {
        filters: { typed_config: { http_filters: { name: string; typed_config: Transcoder }[] } }[];
      }[];
    }[];
  };
}

interface Transcoder {
  services?: string[];
}

/** The full names of the services that it lets pages call with JSON. */
export function transcodedServices(): string[] {
  const { static_resources: all } = parse(transcoderConfig) as Bootstrap;
  return all.listeners
    .flatMap(({ filter_chains: chains }) => chains)
    .flatMap(({ filters }) => filters)
    .flatMap(({ typed_config: manager }) => manager.http_filters)
    .flatMap(({ typed_config: filter }) => filter.services ?? []);
}
