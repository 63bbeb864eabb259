/** The page of Ingress controllers, from the data that the function uses: what each is told, what it cannot be told, and the sources. */
import type { Controller, Limit, Marks } from '../controllers/controller.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import { capitalize, table } from './markdown.ts';

const INTRODUCTION = `# Ingress controllers

<!-- Made from src/controllers by \`npm run build\`: edits here are lost. -->

What \`entry.ingress.controller\` writes for each controller, on the Ingress or on the Service behind it. Marks of the other controllers in
these tables are removed; annotations that the config gives itself are written as they are and win. What a controller cannot be told
there is a warning, or an error where requests could not be carried at all.
`;

/** The whole page as Markdown, ending in a line feed. */
export function controllersPage(): string {
  return [INTRODUCTION, ...Object.entries(CONTROLLERS).map(section)].join('\n');
}

function section([name, controller]: [string, Controller]): string {
  const { tls } = controller;
  const rows: [about: string, marks: Marks | undefined][] = [
    ['both entries', controller.both],
    ['API: gRPC without TLS to the backend', controller.grpc],
    ['app: answers that stream', controller.web],
    ['3600 s', controller.timeouts],
    ['3600 s', controller.sendTimeouts],
    ['TLS at the entry, redirect', tls.entry],
    ['TLS in front of it', tls.external],
    ['no TLS', tls.none],
    ['TLS at Envoy', tls.envoy],
  ];
  const cells = rows.flatMap(([about, marks]) => marksOf(marks).map((mark) => [about, ...mark]));
  const className = controller.classAnnotation
    ? `\`kubernetes.io/ingress.class: ${controller.className}\``
    : `\`${controller.className}\``;
  return [
    `## ${controller.title}\n`,
    `\`controller: ${name}\`, class ${className} unless \`className\` says otherwise.\n`,
    table('for | on | mark', cells),
    ...(controller.limits ?? []).map(limitLine),
    `\nSources:\n\n${controller.sources.map((source) => `- ${source}`).join('\n')}\n`,
  ].join('\n');
}

function marksOf(marks: Marks | undefined): [where: string, mark: string][] {
  const { ingress, service, appProtocol } = marks ?? {};
  const port: Record<string, string> = appProtocol ? { appProtocol } : {};
  return Object.entries({
    Ingress: ingress,
    Service: service,
    'port of the Service': port,
  }).flatMap(([where, values]) =>
    Object.entries(values ?? {}).map(([key, value]): [string, string] => [
      where,
      `\`${key}: ${JSON.stringify(value)}\``,
    ]),
  );
}

function limitLine({ severity, role, places, modes, message, fix }: Limit): string {
  const where = [
    role && `${role === 'api' ? 'API' : 'app'} entry`,
    places && `TLS: ${places.join(', ')}`,
    modes && `\`tls.mode\`: ${modes.join(', ')}`,
  ].filter(Boolean);
  return `- **${severity}**${where.length > 0 ? ` (${where.join('; ')})` : ''}: ${message}. ${capitalize(fix)}.`;
}
