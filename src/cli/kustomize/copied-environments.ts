/**
 * An environment that was copied, and still has hosts or the name of the one that it came from. The folders beside an overlay are read
 * and not built: their kustomizations and their DomainConfigs.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
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

/** What stands in a folder, read once however many overlays are built. */
interface Environment {
  overlay: string;
  /** The files of its DomainConfigs, as messages show them. */
  files: readonly string[];
  configs: readonly { file: string; settings: Settings }[];
  /** DomainConfigs with problems, or that a kustomization of transformers changes: what they come to is not known. */
  unread: readonly string[];
}

/** Builds with the hosts of an environment beside them are refused; a name that both have is said. */
export function withoutCopies(builds: readonly ObservedBuild[], cwd: string): ObservedBuild[] {
  const known = new Map<string, Environment>();
  const environment = (overlay: string): Environment => {
    const path = resolve(cwd, overlay);
    const found = known.get(path) ?? environmentIn(overlay, cwd);
    known.set(path, found);
    return found;
  };
  return builds.map((build) => {
    const own = build.calls.flatMap(({ loaded }) => loaded.settings ?? []);
    if (!build.manifests || own.length === 0) return build;
    const { files } = environment(build.overlay);
    const others = besides(build.overlay, cwd).map(environment);
    const notes = others.flatMap(({ unread }) => unread.map(notCompared)).join('');
    const problems: BuildProblem[] = [];
    for (const other of others) {
      // One file in both, or one built from the other: one environment in layers.
      if (other.files.some((file) => files.includes(file))) continue;
      for (const { file, settings } of other.configs)
        for (const each of own) {
          const hosts = sharedHosts(each, settings);
          if (hosts.length > 0)
            problems.push(sameHosts(build.overlay, hosts, file, each.name === settings.name));
          else if (makesIssuer(each) && makesIssuer(settings) && each.name === settings.name)
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
      aside: (build.aside ?? '') + notes,
    };
  });
}

function inFile(file: string, problems: readonly BuildProblem[], cwd: string): BuildProblem[] {
  const text = readRegularFile(resolve(cwd, file)).toString('utf8');
  return locatedIn({ file }, text, problems);
}

/** Refuses the hosts of an environment beside a new one, before anything of it is written. */
export function requireOwnHosts(settings: Settings, overlay: string, cwd: string): void {
  for (const other of besides(overlay, cwd))
    for (const { file, settings: theirs } of environmentIn(other, cwd).configs) {
      const hosts = sharedHosts(settings, theirs);
      if (hosts.length > 0)
        throw new UsageError(
          `${hosts.join(', ')}: ${file} is another environment with ${these(hosts)}, and requests reach one of the two: nothing was written`,
          'choose another --domain, or other `hosts`; of a domain that moves, give the new one to that environment and the old one to its `hosts.aliases`',
        );
    }
}

function these(hosts: readonly string[]): string {
  return hosts.length > 1 ? 'these hosts' : 'this host';
}

function environmentIn(overlay: string, cwd: string): Environment {
  const places = configPlaces(overlay, cwd).filter(({ field }) => field === 'transformers');
  const read = places.map(({ file, json, isChanged }) => {
    const { settings } = isChanged ? {} : checkConfig(json);
    return { file, settings };
  });
  return {
    overlay,
    files: places.map(({ file }) => file),
    configs: read.flatMap(({ file, settings }) => (settings ? [{ file, settings }] : [])),
    unread: read.flatMap(({ file, settings }) => (settings ? [] : [file])),
  };
}

/** The overlays in the folder that this one is in. Those that begin with a dot are being made at this moment. */
function besides(overlay: string, cwd: string): string[] {
  const path = resolve(cwd, overlay);
  const parent = dirname(path);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => !name.startsWith('.') && name !== basename(path))
    .sort()
    .map((name) => join(parent, name))
    .filter(isOverlay);
}

/** Hosts that both serve: a part of an environment in a folder of its own has no entries. Each machine has a `localhost` of its own. */
function sharedHosts(one: Settings, other: Settings): string[] {
  const served = ({ hosts, absent, config, role }: Settings) => {
    // A compute cluster names the hosts of its control plane.
    if (role === 'compute') return [];
    const roles = PUBLIC_ROLES.filter((role) => role !== 'ui' || hasPageHost(config));
    const entered = roles.filter((role) => !absent.has(`${role}-entry`));
    return entered.flatMap((role) => hosts[role].map(({ host }) => host.toLowerCase()));
  };
  const taken = served(other);
  return served(one).filter((host) => taken.includes(host) && !/(^|\.)localhost$/.test(host));
}

/** Whether the name of the config becomes that of an issuer. */
function makesIssuer({ tlsMode, config }: Settings): boolean {
  const isOurs = tlsMode === 'acme' || tlsMode === 'ca';
  return isOurs && config.spec.tls?.issuer?.name === undefined;
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
