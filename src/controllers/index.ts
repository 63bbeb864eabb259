/** Every Ingress controller, and what is known of all of them together. The list is made from the files of this folder. */
import { escapeExpression } from '../net/origins.ts';
import type { Controller, Marks } from './controller.ts';
import { CONTROLLERS as FOUND } from './generated/index.ts';

/** A value of the config's `controller`, which is the name of the controller's file. */
export type ControllerName = keyof typeof FOUND;

/** By their names in the config. */
export const CONTROLLERS: Readonly<Record<ControllerName, Controller>> = FOUND;

/** Of the annotations that redirect to HTTPS, what turns each off. */
export const REDIRECT_MARKS: Readonly<Record<string, string | null>> = Object.assign(
  {},
  ...Object.values(CONTROLLERS).map(({ redirects }) => redirects),
);

/** The controllers of which a class name is known to be. */
export function controllersOfClass(name: string): ControllerName[] {
  const all = Object.entries(CONTROLLERS) as [ControllerName, Controller][];
  return all.flatMap(([controller, { className, otherClassNames = [] }]) =>
    className === name || otherClassNames.includes(name) ? [controller] : [],
  );
}

/** The groups of marks that a controller has. */
export function marksOf(controller: Controller): Marks[] {
  const { both, grpc, grpcTls, web, timeouts, sendTimeouts, tls } = controller;
  return [both, timeouts, sendTimeouts, web, ...Object.values(tls), grpc, grpcTls].filter(
    (marks) => marks !== undefined,
  );
}

/** The keys of a group's annotations. */
export function annotationsOf({ ingress, service }: Marks): string[] {
  return Object.keys({ ...ingress, ...service });
}

const ALL_MARKS = Object.values(CONTROLLERS).flatMap(marksOf);

/** Everything that this table may have written: what is stale when another controller takes over. Any other annotation is the user's. */
export const KNOWN_MARKS = {
  /** Keys of annotations. Several controllers read one key on an Ingress and on a Service: there is one set for both. */
  annotations: new Set([...ALL_MARKS.flatMap(annotationsOf), ...Object.keys(REDIRECT_MARKS)]),
  /** Values of `appProtocol`. */
  appProtocols: new Set(ALL_MARKS.flatMap(({ appProtocol }) => appProtocol ?? [])),
};

/** Whether a mark has a value that this table writes for some controller, whatever Service or port stands in it. */
export function isWrittenHere(key: string, value: string): boolean {
  return WRITTEN.some(([known, form]) => known === key && form.test(value));
}

/** Every mark with the forms that its value has. */
const WRITTEN: readonly (readonly [key: string, form: RegExp])[] = [
  ...ALL_MARKS.flatMap(({ ingress, service }) => Object.entries({ ...ingress, ...service })),
  ...Object.entries(REDIRECT_MARKS),
].map(([key, template]) => [key, formOf(template ?? '')]);

function formOf(template: string): RegExp {
  const words = template.split(/\{(?:service|port|publicPort)\}/).map(escapeExpression);
  return new RegExp(`^${words.join('[\\w.-]+')}$`);
}

/** Titles of the controllers that pass TLS through to Envoy with an Ingress. */
export const PASS_THROUGH_TITLES = Object.values(CONTROLLERS)
  .filter(({ tls }) => tls.envoy !== undefined)
  .map(({ title }) => title);

/** How the annotations of each controller begin: `nginx.ingress.kubernetes.io/`. */
export const ANNOTATION_PREFIXES: ReadonlyMap<ControllerName, readonly string[]> = new Map(
  (Object.keys(CONTROLLERS) as ControllerName[]).map((name) => {
    const { annotationPrefixes = [] } = CONTROLLERS[name];
    const keys = marksOf(CONTROLLERS[name]).flatMap(annotationsOf);
    const ofMarks = keys.map((key) => key.slice(0, key.indexOf('/') + 1));
    return [name, [...new Set([...ofMarks, ...annotationPrefixes])]];
  }),
);
