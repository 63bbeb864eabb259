/** One rule applied to a few manifests: what it wants to change, as short lines. */
import { loadConfig } from '../../src/config/load.ts';
import type { Problem } from '../../src/errors.ts';
import { Manifests } from '../../src/manifests/manifests.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import type { Addition, Rule } from '../../src/rules/rule.ts';
import { ruleSettings } from '../../src/rules/rule-settings.ts';
import { Surface } from '../../src/surface/surface.ts';
import type { JsonObject } from '../../src/yaml/json.ts';

export interface Wanted {
  /** `replace ConfigMap worker /worker/address "api.ml.example.com:443" <- spec.domain`. */
  edits: string[];
  problems: Problem[];
  /** `Certificate ml/api-tls` and what it is, with the field that it follows from. */
  added: (Addition & { name: string })[];
  /** `Ingress michelangelo-ui <- spec.entry.gateway`. */
  removed: string[];
}

/**
 * @param spec - lines of the config's `spec` after the domain, flow style; TLS mode `secret` unless it says otherwise or has no TLS
 * @param documents - the manifests
 */
export function apply(rule: Rule, spec: string, ...documents: string[]): Wanted {
  const tls = /\btls:|\brole: compute/.test(spec) ? '' : '  tls: { mode: secret }\n';
  const text = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: { name: test }
spec:
  domain: ml.example.com
${tls}${spec.replace(/^(?=.)/gm, '  ')}
`;
  const { settings, problems } = loadConfig(text);
  if (!settings) throw new Error(problems.map(({ message }) => message).join('; '));
  const chunks = splitDocuments(Buffer.from(documents.join('---\n')));
  const surface = new Surface(new Manifests(chunks), { settings });
  const output = rule({ settings: ruleSettings(settings, surface), surface });
  return {
    edits: output.edits.map(({ resource, operation, field }) => {
      const value = 'value' in operation ? ` ${JSON.stringify(operation.value)}` : '';
      const place = `${resource.kind} ${resource.name} ${operation.path}`;
      return `${operation.op} ${place}${value} <- ${field}`;
    }),
    problems: output.problems,
    added: (output.additions ?? []).map((one) => ({ ...one, name: nameOf(one.json) })),
    removed: (output.removals ?? []).map(
      ({ resource, field }) => `${resource.kind} ${resource.name} <- ${field}`,
    ),
  };
}

function nameOf({ kind, metadata }: JsonObject): string {
  const { name, namespace } = metadata as { name: string; namespace?: string };
  return `${String(kind)} ${namespace ? `${namespace}/` : ''}${name}`;
}

/** A ConfigMap with one document. */
export function configMap(name: string, key: string, text: string, metadata = ''): string {
  const lines = text.trim().replace(/^/gm, '    ');
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
${metadata}data:
  ${key}: |
${lines}
`;
}

/** A Service, its ports in flow style. */
export function service(name: string, ports: string, metadata = ''): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
${metadata}spec:
  ports: ${ports}
`;
}

/** The lines of kustomize's annotations for a resource that a layer renamed. */
export function renamedFrom(name: string): string {
  return `  annotations:
    internal.config.kubernetes.io/previousNames: ${name}
`;
}
