/** The overlays in test/layouts, one for each way in which page, calls and API share hosts. */
export const LAYOUTS = ['two-hosts', 'a-host-each', 'one-host'] as const;

export type Layout = (typeof LAYOUTS)[number];
