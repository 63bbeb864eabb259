/**
 * An environment that was copied, and still has hosts or the name of the one that it came from. The folders beside an overlay are read
 * and not built: their kustomizations and their DomainConfigs.
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { checkConfig } from '../../config/load.ts';
import { hasPageHost, PUBLIC_ROLES } from '../../config/public-hosts.ts';
import type { Settings } from '../../config/settings.ts';
import { formatRows, printed } from '../../errors.ts';
import { readRegularFile } from '../../read-file.ts';
import { UsageError } from '../io.ts';
import type { ObservedBuild } from '../observe.ts';
import { isOverlay } from '../overlays.ts';
import { type BuildProblem, buildError } from './build-problem.ts';
import { locatedIn } from './config-lines.ts';
import { configPlaces } from './config-places.ts';

/** What stands in a folder. */
interface Environment {
  path: string;
  /** The files of its DomainConfigs, as messages show them. */
  files: readonly string[];
  configs: readonly Served[];
  /** DomainConfigs with problems, or that a kustomization of transformers changes: what they come to is not known. */
  unread: readonly string[];
}

/** What a DomainConfig takes for itself. */
interface Served {
  file: string;
  name: string;
  hosts: readonly string[];
  /** Whether the name becomes that of an issuer. */
  makesIssuer: boolean;
}

/** The environments in a folder, in order, and by what each takes for itself. */
interface Neighbours {
  all: readonly Environment[];
  taking: ReadonlyMap<string, readonly Environment[]>;
  unread: readonly Environment[];
}

/**
 * Refuses a build with the hosts of an environment beside it, and says a name that both have. What is beside builds is read once, however
 * many the returned function is given.
 */
export function copyFinder(cwd: string): (build: ObservedBuild) => ObservedBuild {
  const known = new Map<string, Neighbours>();
  const neighbours = (parent: string): Neighbours => {
    const found = known.get(parent) ?? neighboursIn(parent, cwd);
    known.set(parent, found);
    return found;
  };
  return (build) => {
    const own = build.calls.flatMap(({ loaded }) => loaded.settings ?? []);
    if (!build.manifests || own.length === 0) return build;
    const path = resolve(cwd, build.overlay);
    const { all, taking, unread } = neighbours(dirname(path));
    const isOther = (one: Environment) => one.path !== path;
    const { files } = all.find((one) => !isOther(one)) ?? environmentIn(path, cwd);
    const notes = unread.filter(isOther).flatMap((one) => one.unread.map(notCompared));
    const problems: BuildProblem[] = [];
    const served = own.map((settings) => servedBy(settings, ''));
    const alike = new Set(served.flatMap(keysOf).flatMap((key) => taking.get(key) ?? []));
    for (const other of [...alike].filter(isOther).sort(byPath)) {
      // One file in both, or one built from the other: one environment in layers.
      if (other.files.some((file) => files.includes(file))) continue;
      for (const { file, ...theirs } of other.configs)
        for (const each of served) {
          const hosts = sharedHosts(each, theirs);
          if (hosts.length > 0)
            problems.push(sameHosts(build.overlay, hosts, file, each.name === theirs.name));
          else if (each.makesIssuer && theirs.makesIssuer && each.name === theirs.name)
            problems.push(sameName(build.overlay, file, each.name));
        }
    }
    // Which of several it is about is not looked for.
    const placed = files.length === 1 && files[0] ? inFile(files[0], problems, cwd) : problems;
    const isRefused = problems.some(({ severity }) => severity === 'error');
    const manifests = isRefused ? undefined : build.manifests;
    return {
      ...build,
      manifests,
      problems: [...build.problems, ...placed],
      aside: (build.aside ?? '') + notes.join(''),
    };
  };
}

function neighboursIn(parent: string, cwd: string): Neighbours {
  const all = overlaysIn(parent).map((path) => environmentIn(path, cwd));
  const taking = new Map<string, Environment[]>();
  for (const one of all)
    for (const key of new Set(one.configs.flatMap(keysOf)))
      taking.set(key, [...(taking.get(key) ?? []), one]);
  return { all, taking, unread: all.filter(({ unread }) => unread.length > 0) };
}

/** Environments without one in common have nothing to do with each other. */
function keysOf({ hosts, name, makesIssuer }: Served): string[] {
  return [...hosts.map((host) => `host ${host}`), ...(makesIssuer ? [`issuer ${name}`] : [])];
}

function byPath(left: Environment, right: Environment): number {
  return left.path < right.path ? -1 : 1;
}

function inFile(file: string, problems: readonly BuildProblem[], cwd: string): BuildProblem[] {
  if (problems.length === 0) return [];
  const text = readRegularFile(resolve(cwd, file)).toString('utf8');
  return locatedIn({ file }, text, problems);
}

/** Refuses the hosts of an environment beside a new one, before anything of it is written. */
export function requireOwnHosts(settings: Settings, overlay: string, cwd: string): void {
  const path = resolve(cwd, overlay);
  const others = overlaysIn(dirname(path)).filter((other) => other !== path);
  for (const other of others)
    for (const theirs of environmentIn(other, cwd).configs) {
      const hosts = sharedHosts(servedBy(settings, ''), theirs);
      if (hosts.length > 0)
        throw new UsageError(
          `${hosts.join(', ')}: ${theirs.file} is another environment with ${these(hosts)}, and requests reach one of the two: nothing was written`,
          'choose another --domain, or other `hosts`; of a domain that moves, give the new one to that environment and the old one to its `hosts.aliases`',
        );
    }
}

function these(hosts: readonly string[]): string {
  return hosts.length > 1 ? 'these hosts' : 'this host';
}

function environmentIn(path: string, cwd: string): Environment {
  const places = configPlaces(path, cwd).filter(({ field }) => field === 'transformers');
  const read = places.map(({ file, json, isChanged }) => {
    const { settings } = isChanged ? {} : checkConfig(json);
    return { file, settings };
  });
  return {
    path,
    files: places.map(({ file }) => file),
    configs: read.flatMap(({ file, settings }) => (settings ? [servedBy(settings, file)] : [])),
    unread: read.flatMap(({ file, settings }) => (settings ? [] : [file])),
  };
}

/** Those that begin with a dot are being made at this moment. */
function overlaysIn(parent: string): string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => join(parent, name))
    .filter(isOverlay);
}

function servedBy(settings: Settings, file: string): Served {
  const { name, hosts, absent, config, role, tlsMode } = settings;
  const roles = PUBLIC_ROLES.filter((role) => role !== 'ui' || hasPageHost(config));
  // A part of an environment in a folder of its own has no entries; a compute cluster names the hosts of its control plane.
  const entered = role === 'compute' ? [] : roles.filter((role) => !absent.has(`${role}-entry`));
  const isOurs = tlsMode === 'acme' || tlsMode === 'ca';
  return {
    file,
    name,
    hosts: entered.flatMap((role) => hosts[role].map(({ host }) => host.toLowerCase())),
    makesIssuer: isOurs && config.spec.tls?.issuer?.name === undefined,
  };
}

/** Each machine has a `localhost` of its own. */
function sharedHosts(one: Pick<Served, 'hosts'>, other: Pick<Served, 'hosts'>): string[] {
  return one.hosts.filter((host) => other.hosts.includes(host) && !/(^|\.)localhost$/.test(host));
}

function sameHosts(
  overlay: string,
  hosts: readonly string[],
  file: string,
  isNamedAlike: boolean,
): BuildProblem {
  const name = isNamedAlike ? ' and another `metadata.name`' : '';
  return buildError(
    'environment-copied',
    `${overlay}: ${hosts.join(', ')}: ${file} is another environment with ${these(hosts)}, and requests reach one of the two`,
    `give the one that was copied another \`spec.domain\` or \`spec.hosts\`${name}; where both folders are one environment, let both list one file`,
    { path: 'spec.domain' },
  );
}

function sameName(overlay: string, file: string, name: string): BuildProblem {
  return {
    code: 'environment-named-alike',
    severity: 'warning',
    message: `${overlay}: the DomainConfig in ${file} has the name ${name} as well: in one cluster both make the issuer michelangelo-${name} and its account's Secret, and the one that is applied last overwrites the other's`,
    path: 'metadata.name',
    fix: 'give the one that was copied another `metadata.name`, or `tls.issuer.name`',
  };
}

function notCompared(file: string): string {
  return formatRows(
    printed(
      `note: ${file}: not compared with this environment: it has problems of its own, or is changed before it is used`,
    ),
    [],
  );
}
