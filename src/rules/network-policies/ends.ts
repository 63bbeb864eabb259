/** Both ends of every connection as rules of a policy, and what the config leaves open of them. */

import type { EgressRule } from '../../config/generated/domain-config.ts';
import { PORTS_OF_WORDS, portsOfWord } from '../../config/network-words.ts';
import type { Problem } from '../../errors.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podMetadataOf } from '../../manifests/workload.ts';
import { remembered } from '../../maps.ts';
import { type Need, tcp } from '../../surface/need.ts';
import type { JsonObject } from '../../yaml/json.ts';
import type { RuleInput } from '../rule.ts';
import {
  missingPorts,
  missingSource,
  missingTargets,
  type Source,
  shutMetrics,
  unused,
} from './asked.ts';
import { type Component, type ComponentRole, selectorFor } from './components.ts';
import { DNS_PEERS, peersFor, podsAsPeer, RuleList } from './rule-list.ts';

/** The other ends of connections, and which of those that the config lists were needed. */
export class Ends {
  readonly #needs: readonly Need[];
  readonly #input: RuleInput;
  readonly #entries: readonly EgressRule[];
  readonly #missing: Need[] = [];
  readonly #withoutPorts = new Map<EgressRule, Need[]>();
  readonly #callers = new Map<Source, Need[]>();
  readonly #used = new Set<EgressRule>();
  readonly #selectors = new Map<Resource, JsonObject>();

  constructor(needs: readonly Need[], input: RuleInput) {
    this.#needs = needs;
    this.#input = input;
    this.#entries = input.settings.config.spec.networkPolicies?.egress ?? [];
  }

  /**
   * Components are told from others: the rule has asked before. Of another target nobody has: its labels take too many pods at worst, and
   * never all of a namespace.
   */
  selector(workload: Resource): JsonObject {
    const known = this.#selectors.get(workload);
    const selector = known ??
      selectorFor(workload, this.#input.surface) ?? {
        matchLabels: podMetadataOf(workload, 'labels'),
      };
    this.#selectors.set(workload, selector);
    return selector;
  }

  ingress({ workload }: Component): RuleList {
    const rules = new RuleList('from');
    for (const need of this.#needs.filter(({ target }) => target === workload)) {
      const { source, caller } = need;
      const ports = need.ports.map(({ number }) => number);
      if (source) rules.add([this.#pods(source, workload)], ports);
      else if (caller) rules.add(this.#callersFor(caller, need), ports);
    }
    return rules;
  }

  /** Names are resolved by every component that connects to anything. */
  egress(component: Component): RuleList {
    const { workload, roles } = component;
    const rules = new RuleList('to');
    const needs = this.#needs.filter(({ source }) => source === workload);
    const given = this.#entries.filter((entry) => entry.for?.some((role) => roles.has(role)));
    if (needs.length + given.length > 0) this.#addDns(rules);
    for (const need of needs) {
      const ports = need.ports.map(({ number }) => number);
      if (need.target) rules.add([this.#pods(need.target, workload)], ports);
      else this.#addOutside(rules, need, ports);
    }
    for (const entry of given) {
      this.#used.add(entry);
      rules.add(peersFor(entry), entry.ports ?? portsOfWord(entry.to));
    }
    return rules;
  }

  /** Who asks the pods that answer ACME challenges: the entry, unless the config says otherwise. */
  solverCallers(port: number): JsonObject[] {
    const from = this.#input.settings.config.spec.networkPolicies?.from;
    const source = from?.acme ? 'acme' : 'entry';
    const targetName = 'pods that answer ACME challenges';
    this.#call(source, { source: undefined, target: undefined, targetName, ports: [tcp(port)] });
    return peersFor(from?.acme ?? from?.entry ?? {});
  }

  /** To be asked after all rules are made. */
  problems(byRole: Readonly<Record<ComponentRole, readonly Resource[]>>): Problem[] {
    const { settings } = this.#input;
    const from = settings.config.spec.networkPolicies?.from ?? {};
    const isMissing = (source: Source) => from[source] === undefined;
    const called = [...this.#callers].filter(([source]) => isMissing(source));
    const isAlerting = settings.config.spec.alerts?.prometheusOperator !== undefined;
    return [
      ...missingTargets(this.#missing, settings),
      ...[...this.#withoutPorts].map(([entry, needs]) =>
        missingPorts(needs, this.#entries.indexOf(entry), settings),
      ),
      ...called.flatMap(([source, needs]) =>
        source === 'monitoring' && !isAlerting && needs.every(({ isOffered }) => isOffered)
          ? shutMetrics(needs, settings)
          : [missingSource(source, needs, settings)],
      ),
      ...(from.monitoring ? shutMetrics(this.#onUnknownPorts(), settings) : []),
      ...this.#unused(byRole),
    ];
  }

  #onUnknownPorts(): Need[] {
    return (this.#callers.get('monitoring') ?? []).filter(({ ports }) => ports.length === 0);
  }

  #unused(byRole: Readonly<Record<ComponentRole, readonly Resource[]>>): Problem[] {
    const { settings } = this.#input;
    const from = settings.config.spec.networkPolicies?.from ?? {};
    const entries = this.#entries.flatMap((entry, index) => {
      if (this.#used.has(entry)) return [];
      const roles = entry.for?.filter((role) => byRole[role].length === 0) ?? [];
      const why =
        roles.length > 0
          ? `nothing here is a ${roles.join(' or ')}`
          : 'the config of no component names it';
      return [unused(`egress[${index}]`, `\`to: ${entry.to}\` opens nothing: ${why}`, settings)];
    });
    const sources = (Object.keys(from) as Source[])
      .filter((source) => !this.#callers.has(source))
      .map((source) =>
        unused(
          `from.${source}`,
          `\`from.${source}\` opens nothing: no port here is for it`,
          settings,
        ),
      );
    return [...entries, ...sources];
  }

  #callersFor(caller: Source, need: Need): JsonObject[] {
    this.#call(caller, need);
    return peersFor(this.#input.settings.config.spec.networkPolicies?.from?.[caller] ?? {});
  }

  #call(source: Source, need: Need): void {
    remembered(this.#callers, source, () => []).push(need);
  }

  #pods(pods: Resource, policyFor: Resource): JsonObject {
    return podsAsPeer(pods, this.selector(pods), policyFor);
  }

  #addDns(rules: RuleList): void {
    rules.add(DNS_PEERS, PORTS_OF_WORDS.dns, ['UDP', 'TCP']);
    for (const entry of this.#entriesTo('dns'))
      rules.add(peersFor(entry), entry.ports ?? PORTS_OF_WORDS.dns, ['UDP', 'TCP']);
  }

  #addOutside(rules: RuleList, need: Need, ports: readonly number[]): void {
    const { to = '', cidr, ip } = need.outside ?? {};
    const entries = this.#entriesTo(to);
    const own = cidr ?? ip;
    if (own !== undefined) rules.add(peersFor({ cidrs: [own] }), ports);
    else if (entries.length === 0) this.#missing.push(need);
    for (const entry of entries) {
      const open = entry.ports ?? ports;
      if (open.length === 0) remembered(this.#withoutPorts, entry, () => []).push(need);
      rules.add(peersFor(entry), open);
    }
  }

  #entriesTo(word: string): EgressRule[] {
    const found = this.#entries.filter(({ to }) => to === word);
    for (const entry of found) this.#used.add(entry);
    return found;
  }
}
