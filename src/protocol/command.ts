/** The three ways in which the function is called: which bytes go in, which come out. */
import { checkConfig, loadConfigBytes } from '../config/load.ts';
import { formatProblems, type Problem, printable } from '../errors.ts';
import { Batch } from '../manifests/batch.ts';
import { UnreadableFile } from '../read-file.ts';
import { hasErrors, run } from '../run.ts';
import { systemReason } from '../system-error.ts';
import { joinFiles, splitDocuments } from './documents.ts';
import { VERSION } from './generated/version.ts';
import {
  brokenList,
  encodingProblem,
  mistake,
  moreArguments,
  noFunctionConfig,
  noResourceList,
  strangeByte,
} from './input-problems.ts';
import { InputError } from './read-input.ts';
import { readResourceList, writeResourceList } from './resource-list.ts';

interface CommandResult {
  /** In pieces, to be written one after the other. None after an error, but for a ResourceList. */
  stdout: readonly Uint8Array[];
  /** Problems as people read them; empty where there are none. */
  stderr: string;
  /** 0, 1 for problems, 2 for wrong usage. */
  status: 0 | 1 | 2;
}

const USAGE = `DomainConfig: writes the host names of one environment into Kubernetes manifests

  DomainConfig CONFIG          documents on standard input, as kustomize calls a plugin
  DomainConfig CONFIG FILE...  documents in files; - is standard input
  DomainConfig                 a KRM ResourceList on standard input
  DomainConfig --version       prints the version

The changed documents go to standard output, problems to standard error.
Exit status: 0, 1 where there were problems, 2 for wrong usage.
`;

function isHelp(words: readonly string[]): boolean {
  return words.includes('--help') || words.includes('-h');
}

/** How a call reads what it is given; errors become problems. */
export interface Inputs {
  /** It then hands over a config, and manifests on standard input: no file is read, whatever its config has it say. */
  isFromKustomize: boolean;
  readConfig(path: string): Buffer;
  readManifests(path: string): Buffer;
  readStandardInput(): Buffer;
}

/**
 * Runs the function.
 * @param words - the arguments of the command line, without the program's own name
 */
export function main(words: readonly string[], inputs: Inputs): CommandResult {
  const isPlugin = inputs.isFromKustomize && words.length > 0;
  if (!isPlugin && isHelp(words)) return { stdout: [Buffer.from(USAGE)], stderr: '', status: 0 };
  if (!isPlugin && words.length === 1 && words[0] === '--version')
    return { stdout: [Buffer.from(`${VERSION}\n`)], stderr: '', status: 0 };
  const option = words.find((word) => word.startsWith('-') && word !== '-');
  if (!isPlugin && option !== undefined)
    return {
      stdout: [],
      stderr: `unknown option ${printable(option)}\n\n${USAGE}`,
      status: 2,
    };
  try {
    return words.length === 0 ? onResourceList(inputs) : onDocuments(words, inputs);
  } catch (error) {
    return answer([mistake(error)]);
  }
}

function onDocuments(
  [configPath = '', ...paths]: readonly string[],
  inputs: Inputs,
): CommandResult {
  const problems: Problem[] = [];
  const readOrReport = (
    path: string,
    code: 'config-missing' | 'input-protocol',
    read: (path: string) => Buffer,
  ): Buffer => {
    try {
      return read(path);
    } catch (error) {
      problems.push(unreadable(path, code, error));
      return Buffer.alloc(0);
    }
  };
  // The config comes first: with one that says nothing, no manifest would be looked at.
  const config = readOrReport(configPath, 'config-missing', inputs.readConfig);
  if (problems.length > 0) return answer(problems);
  const loaded = loadConfigBytes(config);
  if (inputs.isFromKustomize && paths.length > 0)
    return answer([...loaded.problems, moreArguments(paths)]);
  if (!loaded.settings && !loaded.absent) return answer(loaded.problems);
  const names = paths.length === 0 ? ['-'] : paths;
  const stdin = names.includes('-')
    ? readOrReport('-', 'input-protocol', inputs.readStandardInput)
    : Buffer.alloc(0);
  const files = names.map((path) =>
    path === '-' ? stdin : readOrReport(path, 'input-protocol', inputs.readManifests),
  );
  problems.push(
    ...names.flatMap((name, index) => encodingProblem(name, files[index] as Buffer) ?? []),
  );
  if (problems.length > 0) return answer(problems);
  const batch = new Batch('documents', splitDocuments(joinFiles(files)));
  const { problems: found } = run(batch, loaded);
  return hasErrors(found) ? answer(found) : answer(found, batch.toPieces());
}

function onResourceList(inputs: Inputs): CommandResult {
  let stdin: Buffer;
  try {
    stdin = inputs.readStandardInput();
  } catch (error) {
    return answer([unreadable('-', 'input-protocol', error)]);
  }
  const list = readResourceList(stdin);
  if (!list)
    return answer([
      encodingProblem('-', stdin) ?? strangeByte(stdin) ?? brokenList(stdin) ?? noResourceList,
    ]);
  if (list.problem) return answer([list.problem]);
  const isConfigured = list.functionConfig !== undefined && list.functionConfig !== null;
  const { problems } = isConfigured
    ? run(list.batch, checkConfig(list.functionConfig))
    : { problems: [noFunctionConfig] };
  // After an error the items come out as they went in, whatever was done to them on the way.
  const written = hasErrors(problems) ? (readResourceList(stdin) ?? list) : list;
  return answer(problems, writeResourceList(written, problems));
}

function answer(problems: readonly Problem[], stdout: readonly Uint8Array[] = []): CommandResult {
  return { stdout, stderr: formatProblems(problems), status: hasErrors(problems) ? 1 : 0 };
}

function unreadable(
  path: string,
  code: 'config-missing' | 'input-protocol',
  error: unknown,
): Problem {
  const said = error instanceof InputError ? error : undefined;
  const reason =
    error instanceof UnreadableFile ? error.reason : systemReason(error as NodeJS.ErrnoException);
  return {
    code,
    severity: 'error',
    message: path === '-' ? 'standard input cannot be read' : 'a file cannot be read',
    ...(path === '-' ? {} : { path }),
    found: said?.found ?? reason,
    expected: said?.expected ?? 'a regular file that can be read',
    fix:
      said?.fix ??
      'check the path and its permissions; - is standard input, for what comes in a pipe',
  };
}
