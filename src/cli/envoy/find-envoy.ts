/** Finding the Envoy whose verdict is asked. */
import { printed } from '../../errors.ts';
import { type Io, UsageError } from '../io.ts';
import { runProgram } from '../kustomize/program.ts';
import { programsOnPath } from '../programs-on-path.ts';

/** What the command line says of it. */
export interface EnvoyOptions {
  /** A path; `false` where none is to be asked. */
  envoy?: string | false;
}

/** One that was started once, and said its version. */
export interface Envoy {
  command: string;
  /** `1.40.0` */
  version: string;
}

/** How long it may take to say its version, in seconds. */
const SECONDS_FOR_VERSION = 30;

/**
 * The one that was chosen, or `$ENVOY`, or the first on PATH; undefined without any. A chosen one that does not work is an error; one on
 * PATH is passed over, with a line that says so.
 */
export async function findEnvoy(
  { envoy: chosen }: EnvoyOptions,
  io: Io,
): Promise<Envoy | undefined> {
  if (chosen === false) return undefined;
  const given = chosen || io.env.ENVOY;
  const command = given || programsOnPath('envoy', io)[0];
  if (command === undefined) return undefined;
  const answer = await examine(command, io);
  if (typeof answer !== 'string') return answer;
  if (given)
    throw new UsageError(
      `${command}, chosen by ${chosen ? '--envoy' : '$ENVOY'}, ${answer}`,
      'choose another; --no-envoy checks without Envoy',
    );
  io.stderr.write(
    `warning: ${printed(`${command} on PATH ${answer}`)}: Envoy's own verdict was not asked\n`,
  );
  return undefined;
}

/** The program with its version, or what is wrong with it. */
async function examine(command: string, io: Io): Promise<Envoy | string> {
  const words = ['--version'];
  const result = await runProgram(
    { command, words, env: io.env, seconds: SECONDS_FOR_VERSION },
    io,
  );
  if (result.isMissing) return 'does not exist';
  const said = `${result.stdout?.toString('utf8') ?? ''}\n${result.stderr}`;
  const version = /envoy\S*\s+version: \S*?\/(\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (result.stdout !== undefined && version !== undefined) return { command, version };
  const [why = ''] = result.stderr.split('\n').filter((line) => line.trim() !== '');
  const reason = [result.complaint, why].filter(Boolean).join(': ');
  return `does not run as Envoy: ${command} --version ${reason || 'does not say a version of Envoy'}`;
}
