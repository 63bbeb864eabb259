/**
 * A program in the place of kubectl that gives set answers: nothing here has a kubelet, which `kubectl exec` needs. What kubectl itself and a
 * real API server say is in test/e2e/cluster/verify.test.ts.
 */
import { folderWith } from './temporary.ts';

/** What it prints for a call whose words begin with the key; a text or an object is its output. */
export type FakeAnswers = Readonly<
  Record<string, string | object | { stdout?: string; stderr?: string; status: number }>
>;

const SCRIPT = `#!${process.execPath}
const answers = require(__dirname + '/answers.json');
const called = process.argv.slice(2).join(' ');
require('fs').appendFileSync(__dirname + '/calls', called + '\\n');
const [key] = Object.keys(answers).filter((each) => called.startsWith(each)).sort((a, b) => b.length - a.length);
const answer = key === undefined
  ? { stderr: 'Error from server (NotFound): ' + called + ' not found', status: 1 }
  : answers[key];
if (typeof answer === 'object' && 'status' in answer && typeof answer.status === 'number') {
  process.stdout.write(answer.stdout ?? '');
  process.stderr.write(answer.stderr ?? '');
  process.exitCode = answer.status;
} else process.stdout.write(typeof answer === 'string' ? answer : JSON.stringify(answer));
`;

/** The answers of a cluster that can be reached. */
export const REACHED: FakeAnswers = {
  'config current-context': 'test\n',
  'get --raw /version': { major: '1', minor: '34+', gitVersion: 'v1.34.1' },
};

/** A folder for PATH. Its file `calls` has every call, a line each. */
export function fakeKubectl(answers: FakeAnswers): string {
  return folderWith({ kubectl: SCRIPT, 'answers.json': JSON.stringify(answers), calls: '' });
}
