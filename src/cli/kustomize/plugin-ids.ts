/**
 * What kustomize would run for the config of a plugin. With `--enable-alpha-plugins` it joins plugin home, apiVersion and kind to the path
 * of a program, whatever stands in them, and starts a container that an annotation names.
 *
 * Source: kustomize, api/internal/plugins/loader/loader.go and fnplugin.go.
 */
import { printable } from '../../errors.ts';
import { asText, getIn, isObject, type Json, type JsonObject, list } from '../../yaml/json.ts';
import { parseYamlOnce } from '../../yaml/lately-read.ts';
import { PLUGIN_FOLDER } from '../package-root.ts';

/** What may run beside the function and what is built into kustomize. */
export interface Permissions {
  /** Plugins of the plugin home that are not ours. */
  mayNameOthers: boolean;
  /** What cannot be known before the build: containers, plugins of remote bases. */
  mayRunAnything: boolean;
}

/** Why one config of a plugin may not be built with. */
export interface Refusal {
  message: string;
  found?: string;
  fix: string;
}

/** How to mend a refusal where the plugin is wanted. */
export const ALLOW_ANYTHING = '--allow-plugins lets it run, where you trust who wrote it';

/** What is said of a config of others, which may be one of ours with a slip in its head. */
export const FOREIGN = 'this is a plugin that is neither ours nor built into kustomize';

/** What is said of a config that lacks what a plugin is found by. */
export const NAMELESS = 'this names no plugin: `apiVersion` and `kind` both have to be there';

const [OWN_GROUP = ''] = PLUGIN_FOLDER.split('/');
const NAME = String.raw`(?!\.+(?:\/|$))[\w.-]+`;
const API_VERSION = new RegExp(`^(?:${NAME}/)?${NAME}$`);
const KIND = new RegExp(`^${NAME}$`);

/**
 * go-yaml ends lines at the first three, and YAML 1.2 does not. It also reads UTF-16, of which the last two are left here. The two would read
 * different documents.
 */
const READ_OTHERWISE = /[\u0085\u2028\u2029\ufffd\0]/;

/** Reads a document as kustomize does; undefined where it may read something else. */
export function readAlike(text: string): { json: Json } | undefined {
  const { json, problems, document } = parseYamlOnce(text);
  const isAlike = problems.length === 0 && document.warnings.length === 0;
  return isAlike && !READ_OTHERWISE.test(text) ? { json: json ?? null } : undefined;
}

/** Judges the config of a plugin, or of several in a list. */
export function judge(config: Json, permissions: Permissions): Refusal[] {
  if (!isObject(config)) return [];
  const { apiVersion, kind } = config;
  const found = `apiVersion ${named(apiVersion)}, kind ${named(kind)}`;
  if (apiVersion === undefined || kind === undefined)
    return [{ message: NAMELESS, found, fix: 'write both keys, as the plugin wants them' }];
  if (!matches(API_VERSION, apiVersion) || !matches(KIND, kind))
    return [
      {
        message: 'this names a plugin that would not be looked for inside the plugin home',
        found,
        fix: 'nothing runs it: write an apiVersion such as `group/v1` and a kind without `/`',
      },
    ];
  // kustomize takes every kind with this ending for a list.
  if (kind.endsWith('List') && Array.isArray(config.items))
    return list(config.items).flatMap((item) => judge(item, permissions));
  if (apiVersion === 'builtin') return [];
  const refusals: Refusal[] = [];
  if (!permissions.mayRunAnything && mayStartContainer(config))
    refusals.push({
      message: 'this would start a container',
      found: `${found} with an annotation for a container`,
      fix: ALLOW_ANYTHING,
    });
  const isOwn = kind === 'DomainConfig' && apiVersion.startsWith(`${OWN_GROUP}/`);
  if (!isOwn && !permissions.mayNameOthers)
    refusals.push({
      message: FOREIGN,
      found,
      fix: '--plugin-home FOLDER names the folder that has it, where you trust what lies there',
    });
  return refusals;
}

function named(value: Json | undefined): string {
  return value === undefined ? 'missing' : `\`${printable(asText(value))}\``;
}

function matches(pattern: RegExp, value: Json | undefined): value is string {
  return typeof value === 'string' && pattern.test(value);
}

/** Of the functions that an annotation can ask for, it runs containers without a further flag. */
function mayStartContainer(config: JsonObject): boolean {
  if (getIn(config, ['metadata', 'configFn']) !== undefined) return true;
  return ['config.kubernetes.io/function', 'config.k8s.io/function'].some((name) => {
    const value = getIn(config, ['metadata', 'annotations', name]);
    if (value === undefined) return false;
    const read = typeof value === 'string' ? readAlike(value) : undefined;
    return !read || !isObject(read.json) || read.json.container !== undefined;
  });
}
