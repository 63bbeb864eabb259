/** Asking a cluster through kubectl, which knows how people get in. It reads, unless ephemeral containers were allowed. */
import { printable } from '../../errors.ts';
import { isObject, type JsonObject } from '../../yaml/json.ts';
import type { Io } from '../io.ts';
import { runProgram } from '../kustomize/program.ts';
import { shellWords } from './commands.ts';
import { failed, NoAnswer, notTried, type Step } from './line.ts';
import { parseJson } from './parse-json.ts';

/** Which cluster, in kubectl's own words. */
export interface ClusterChoice {
  kubeconfig?: string | undefined;
  context?: string | undefined;
}

/** One cluster, as the flags choose it; nothing is run before a question is asked. */
export class Kubectl {
  readonly #flags: readonly string[];
  readonly #io: Io;
  /** Whether the command line names the cluster; what kubectl takes by itself may be another one, or none. */
  readonly isNamed: boolean;

  constructor({ kubeconfig, context }: ClusterChoice, io: Io) {
    this.#io = io;
    this.isNamed = (kubeconfig ?? context) !== undefined;
    this.#flags = [
      ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
      ...(context === undefined ? [] : ['--context', context]),
    ];
  }

  /** As a person types it. */
  command(words: readonly string[]): string {
    return `kubectl ${shellWords([...this.#flags, ...words])}`;
  }

  /** What it printed; ends the look of the line where there is no kubectl. */
  async run(
    words: readonly string[],
    step: Step,
  ): Promise<{ stdout: string; stderr: string; isGood: boolean }> {
    step.waitsFor = "kubectl's answer";
    // The step ends a little later, and with another message.
    const seconds = Math.max(0.5, step.seconds - 0.2);
    const program = {
      command: 'kubectl',
      words: [...this.#flags, ...words],
      env: this.#io.env,
      seconds,
    };
    const { stdout, stderr, isMissing, timedOut, output } = await runProgram(program, this.#io);
    if (isMissing) throw new NoAnswer(notTried('there is no kubectl on PATH'));
    if (timedOut)
      throw new NoAnswer(
        failed(
          `nothing: kubectl had no answer in ${Number(seconds.toFixed(1))} s`,
          'the Kubernetes API does not answer from here: a VPN, a firewall, or another cluster',
          `silence of kubectl ${this.#flags.join(' ')}`,
        ),
      );
    return { stdout: output.toString('utf8'), stderr, isGood: stdout !== undefined };
  }

  /** A JSON object; undefined where there is no such thing. Ends the look of the line where it cannot be read. */
  async get(words: readonly string[], step: Step): Promise<JsonObject | undefined> {
    const { stdout, stderr, isGood } = await this.run(words, step);
    if (isGood) {
      const found = parseJson(stdout);
      if (isObject(found)) return found;
      throw new NoAnswer(failed('no JSON object', 'what answers is not a Kubernetes API'));
    }
    if (/NotFound|doesn't have a resource type|could not find the requested resource/.test(stderr))
      return undefined;
    throw new NoAnswer(complaint(stderr));
  }
}

/** The words for one object. With its kind in front no name of a manifest can be a flag. */
export function getWords(kind: string, name: string, namespace = ''): string[] {
  return [
    'get',
    `${kind.toLowerCase()}/${name}`,
    ...(namespace === '' ? [] : ['-n', namespace]),
    '-o',
    'json',
  ];
}

/** Source: what kubectl 1.27 to 1.34 print. */
export function complaint(stderr: string) {
  const said = printable(stderr.trim().split('\n').at(-1) ?? '');
  if (/Forbidden|Unauthorized|must be logged in/i.test(stderr))
    return notTried(`this account may not look: ${said}`);
  return failed(
    `kubectl: ${said || 'it failed without a word'}`,
    'the cluster was not reached, or refuses the question',
  );
}
