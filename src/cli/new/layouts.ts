/** Which hosts page, calls and API share: three layouts, and what a base has to have for each. */
import { join } from 'node:path';
import type { ServiceRole } from '../../surface/entry.ts';
import { pathOfCalls } from '../../surface/rewrites.ts';
import type { Surface } from '../../surface/surface.ts';
import { UsageError } from '../io.ts';
import { isOverlay } from '../overlays.ts';

/** Names of `--layout`. */
export type Layout = 'two-hosts' | 'own-hosts' | 'one-host';
/** In the order in which they are offered; the first is the guide's. */
export const LAYOUTS: readonly Layout[] = ['two-hosts', 'own-hosts', 'one-host'];

/** How the question says them: which host serves what. */
export const LAYOUT_LABELS: Readonly<Record<Layout, string>> = {
  'two-hosts': 'app.<domain> for the page and its calls, through Envoy; api.<domain> for the API',
  'own-hosts': 'a host each for the page, its calls and the API',
  'one-host': 'app.<domain> for the page, and for its calls below /api; api.<domain> for the API',
};

const NEEDS: Readonly<Record<Layout, string>> = {
  'two-hosts': "an entry of the app's host that leads to Envoy, and none that leads to the page",
  'own-hosts': "an entry of its own that leads a host to the page's Service",
  'one-host':
    "two entries of one host: `/` to the page's Service, and `/api` to Envoy, which the entry takes away",
};

/** Controllers that read what a component of this package says to its Ingresses; every one where it has no entry. */
const READ_BY: Readonly<Partial<Record<Layout, readonly string[]>>> = {
  'one-host': ['ingress-nginx'],
};

/** A layout as it is chosen: where the base lacks its entries, a component beside it has them. */
export interface ChosenLayout {
  layout: Layout;
  /** Its folder from the base. */
  component: string | undefined;
}

/** The layout that manifests have. */
export function layoutOf(surface: Surface): Layout {
  const hostsOf = (role: ServiceRole) =>
    surface.entries.flatMap(({ paths }) =>
      paths.filter((path) => path.role === role && !path.isGuess).map(({ host }) => host),
    );
  const called = hostsOf('envoy');
  const opened = hostsOf('ui');
  if (opened.length === 0) return 'two-hosts';
  if (!opened.some((host) => called.includes(host))) return 'own-hosts';
  return pathOfCalls(surface) === undefined ? 'two-hosts' : 'one-host';
}

/** A layout in which a base can be used. */
export function chosenLayout(layout: Layout, base: string): ChosenLayout {
  const component = `components/${layout}`;
  return { layout, component: isOverlay(join(base, component)) ? component : undefined };
}

/** The layouts in which a base can be used: its own, and those of components, which are written for the first. */
export function layoutsFor(base: string, own: Layout): ChosenLayout[] {
  return LAYOUTS.flatMap((layout) => {
    if (layout === own) return [{ layout, component: undefined }];
    const chosen = chosenLayout(layout, base);
    return own === 'two-hosts' && chosen.component !== undefined ? [chosen] : [];
  });
}

/** Whether a controller reads what the component says; the base's own entries say what they say. */
export function isReadBy({ layout, component }: ChosenLayout, controller: string): boolean {
  return component === undefined || (READ_BY[layout]?.includes(controller) ?? true);
}

/** Refuses a component whose entries the controller does not read. */
export function requireReader(chosen: ChosenLayout, controller: string | undefined): void {
  if (controller === undefined || isReadBy(chosen, controller)) return;
  const readers = READ_BY[chosen.layout]?.join(', ');
  throw new UsageError(
    `the entries of ${chosen.component} say to ${readers} what the layout ${chosen.layout} needs, and ${controller} does not read it`,
    `--controller ${readers}, or --gateway-class NAME; or give the base entries that ${controller} reads, and leave --layout out`,
  );
}

/** What is missing in a base for a layout, and how to get it. */
export function howToGet(layout: Layout): string {
  const component =
    layout === 'two-hosts'
      ? 'leave `--layout` out'
      : `copy base/components/${layout} of this package into components/ beside the base's kustomization.yaml`;
  return `the layout ${layout} needs ${NEEDS[layout]}: add it to the base, or ${component}`;
}
