/** The three ways in which the function is called: which bytes go in, which come out. */
import { checkConfig, loadConfig } from '../config/load.ts';
import { formatProblems, type Problem } from '../errors.ts';
import { Batch } from '../manifests/batch.ts';
import { hasErrors, run } from '../run.ts';
import { joinFiles, splitDocuments } from './documents.ts';
import { encodingProblem, mistake, noFunctionConfig, noResourceList } from './input-problems.ts';
import { readResourceList, writeResourceList } from './resource-list.ts';

interface CommandResult {
  /** Empty after an error, but for a ResourceList. */
  stdout: Buffer;
  /** Problems as people read them; empty where there are none. */
  stderr: string;
  /** 0, 1 for problems, 2 for wrong usage. */
  status: 0 | 1 | 2;
}

const USAGE = `DomainConfig: writes the host names of one environment into Kubernetes manifests

  DomainConfig CONFIG          documents on standard input, as kustomize calls a plugin
  DomainConfig CONFIG FILE...  documents in files; - is standard input
  DomainConfig                 a KRM ResourceList on standard input

The changed documents go to standard output, problems to standard error.
Exit status: 0, 1 where there were problems, 2 for wrong usage.
`;

/** Whether a call reads standard input. */
export function readsStdin(words: readonly string[]): boolean {
  return !isHelp(words) && (words.length < 2 || words.slice(1).includes('-'));
}

function isHelp(words: readonly string[]): boolean {
  return words.includes('--help') || words.includes('-h');
}

/**
 * Runs the function.
 * @param words - the arguments of the command line, without the program's own name
 * @param stdin - all of standard input; empty where `readsStdin` says no
 * @param read - reads a file; its errors become problems
 */
export function main(
  words: readonly string[],
  stdin: Buffer,
  read: (path: string) => Buffer,
): CommandResult {
  if (isHelp(words)) return { stdout: Buffer.from(USAGE), stderr: '', status: 0 };
  const option = words.find((word) => word.startsWith('-') && word !== '-');
  if (option !== undefined)
    return { stdout: Buffer.alloc(0), stderr: `unknown option ${option}\n\n${USAGE}`, status: 2 };
  try {
    return words.length === 0 ? onResourceList(stdin) : onDocuments(words, stdin, read);
  } catch (error) {
    return answer([mistake(error)]);
  }
}

function onDocuments(
  [configPath = '', ...paths]: readonly string[],
  stdin: Buffer,
  read: (path: string) => Buffer,
): CommandResult {
  const problems: Problem[] = [];
  const readOrReport = (path: string, code: 'config-missing' | 'input-protocol'): Buffer => {
    try {
      return read(path);
    } catch (error) {
      problems.push(unreadable(path, code, error));
      return Buffer.alloc(0);
    }
  };
  const config = readOrReport(configPath, 'config-missing');
  const names = paths.length === 0 ? ['-'] : paths;
  const files = names.map((path) => (path === '-' ? stdin : readOrReport(path, 'input-protocol')));
  problems.push(
    ...names.flatMap((name, index) => encodingProblem(name, files[index] as Buffer) ?? []),
  );
  const input = joinFiles(files);
  if (problems.length > 0) return answer(problems);
  const batch = new Batch('documents', splitDocuments(input));
  const { problems: found } = run(batch, loadConfig(config.toString('utf8')));
  return hasErrors(found) ? answer(found) : answer(found, batch.toBytes());
}

function onResourceList(stdin: Buffer): CommandResult {
  const list = readResourceList(stdin);
  if (!list) return answer([encodingProblem('-', stdin) ?? noResourceList]);
  if (list.problem) return answer([list.problem]);
  const isConfigured = list.functionConfig !== undefined && list.functionConfig !== null;
  const { problems } = isConfigured
    ? run(list.batch, checkConfig(list.functionConfig))
    : { problems: [noFunctionConfig] };
  // After an error the items come out as they went in, whatever was done to them on the way.
  const written = hasErrors(problems) ? (readResourceList(stdin) ?? list) : list;
  return answer(problems, writeResourceList(written, problems));
}

function answer(problems: readonly Problem[], stdout: Buffer = Buffer.alloc(0)): CommandResult {
  return { stdout, stderr: formatProblems(problems), status: hasErrors(problems) ? 1 : 0 };
}

function unreadable(
  path: string,
  code: 'config-missing' | 'input-protocol',
  error: unknown,
): Problem {
  return {
    code,
    severity: 'error',
    message: 'A file cannot be read',
    path,
    found: String((error as NodeJS.ErrnoException).code ?? 'no content'),
    expected: 'a file that can be read',
    mend: 'check the path and its permissions',
  };
}
