/** Asking the name server as other programs of this machine do, hosts file and search domains included. */
import { isIp } from '../../net/addresses.ts';
import type { Io } from '../io.ts';
import { runProgram } from '../kustomize/program.ts';
import { failed, NoAnswer, type Step } from './line.ts';
import { parseJson } from './parse-json.ts';

/**
 * A question to the operating system cannot be taken back, and this program would not end before it is answered. So another process asks,
 * which can be ended. It prints the addresses as a list, or the code of what went wrong as a string.
 */
const ASK =
  "require('node:dns').lookup(process.argv[1], { all: true }, (error, found) => console.log(JSON.stringify(error ? error.code : found.map(({ address }) => address))))";

/** At least one; ends the look of the line where there is none. */
export async function addressesOf(host: string, io: Io, step: Step): Promise<string[]> {
  step.waitsFor = 'an answer of the name server';
  // A host of manifests may look like a flag of Node.js.
  const words = ['-e', ASK, '--', host];
  // The line ends before, and says so itself.
  const program = { command: process.execPath, words, env: io.env, seconds: step.seconds + 0.2 };
  const { stdout = Buffer.from(''), stderr } = await runProgram(program, io);
  const said = parseJson(stdout.toString('utf8'));
  if (Array.isArray(said)) {
    const found = said.filter((one) => typeof one === 'string' && isIp(one));
    if (found.length > 0) return found;
  }
  throw new NoAnswer(
    said === 'ENOTFOUND'
      ? failed(
          'no address',
          'point the name at the address of the entry; --resolve HOST:ADDRESS looks without DNS',
        )
      : failed(
          `no answer (${typeof said === 'string' ? said : stderr.trim() || 'nothing was said'})`,
          'the name server that this machine asks does not answer',
          'the name server does not answer',
        ),
  );
}
