/** The traffic map of finished manifests. */
import type { Surface } from '../../surface/surface.ts';
import { drawComponents } from './components.ts';
import { drawEntries } from './entries.ts';
import { MapDraft, type TrafficMap } from './traffic-map.ts';

/** Public hosts, entries, Services and workloads, in the order of the manifests. */
export function trafficMap(surface: Surface): TrafficMap {
  const draft = new MapDraft(surface);
  drawEntries(draft);
  drawComponents(draft);
  return draft.finish();
}
