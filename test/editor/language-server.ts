/** The YAML language server, as editors run it: over standard input and output, without a network. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type CompletionItem,
  CompletionRequest,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  type MarkupContent,
  type Position,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node.js';
import { packageRoot } from '../../src/build/paths.ts';

const program = join(packageRoot, 'node_modules/yaml-language-server/bin/yaml-language-server');

const settings: Readonly<Record<string, unknown>> = {
  yaml: {
    validate: true,
    hover: true,
    completion: true,
    schemaStore: { enable: false },
    kubernetesCRDStore: { enable: false },
  },
  http: {},
  '[yaml]': {},
  editor: {},
  files: {},
};

/** An editor with one file. */
export interface Editor {
  /** What is wrong with a text. */
  diagnose(text: string): Promise<Diagnostic[]>;
  /** What is proposed where `|` stands in a text. */
  complete(text: string): Promise<CompletionItem[]>;
  /** What is shown, as Markdown, where `|` stands in a text. */
  hover(text: string): Promise<string>;
  close(): Promise<void>;
}

/** Takes the first `|` out of a text. */
function takeCursor(marked: string): { text: string; position: Position } {
  const at = marked.indexOf('|');
  if (at < 0) throw new Error('No | says where the cursor is.');
  const lines = marked.slice(0, at).split('\n');
  return {
    text: marked.slice(0, at) + marked.slice(at + 1),
    position: { line: lines.length - 1, character: (lines.at(-1) ?? '').length },
  };
}

/** Starts the server and opens a file, which does not have to exist, at a path from the package root. */
export async function openEditor(path: string): Promise<Editor> {
  const server = spawn(process.execPath, [program, '--stdio'], {
    cwd: packageRoot,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const uri = pathToFileURL(join(packageRoot, path)).href;
  let version = 0;
  let report: (found: Diagnostic[]) => void = () => {};
  connection.onNotification(PublishDiagnosticsNotification.type, (published) => {
    if (published.uri === uri) report(published.diagnostics);
  });
  connection.onRequest('workspace/configuration', ({ items }: { items: { section: string }[] }) =>
    items.map(({ section }) => settings[section] ?? {}),
  );
  connection.onRequest(RegistrationRequest.type, () => {});
  connection.listen();
  await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: null,
    capabilities: {
      workspace: { configuration: true },
      textDocument: {
        completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
        hover: { contentFormat: ['markdown'] },
        publishDiagnostics: { versionSupport: true },
      },
    },
  });
  await connection.sendNotification(InitializedNotification.type, {});

  async function diagnose(text: string): Promise<Diagnostic[]> {
    const found = new Promise<Diagnostic[]>((resolve) => {
      report = resolve;
    });
    version += 1;
    if (version === 1)
      await connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'yaml', version, text },
      });
    else
      await connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
    return found;
  }

  return {
    diagnose,
    async complete(marked) {
      const { text, position } = takeCursor(marked);
      await diagnose(text);
      const answer = await connection.sendRequest(CompletionRequest.type, {
        textDocument: { uri },
        position,
      });
      return Array.isArray(answer) ? answer : (answer?.items ?? []);
    },
    async hover(marked) {
      const { text, position } = takeCursor(marked);
      await diagnose(text);
      const answer = await connection.sendRequest(HoverRequest.type, {
        textDocument: { uri },
        position,
      });
      return (answer?.contents as MarkupContent | undefined)?.value ?? '';
    },
    async close() {
      await connection.sendRequest(ShutdownRequest.type);
      await connection.sendNotification(ExitNotification.type);
      connection.end();
      await ended;
      connection.dispose();
    },
  };
}
