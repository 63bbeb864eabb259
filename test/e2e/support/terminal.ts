/** A program on a real terminal, through tmux. */
import { execa } from 'execa';
import { until } from './until.ts';

export interface Terminal {
  /** Everything that is on the screen now, without colours. */
  screen(): Promise<string>;
  /** Waits until the screen shows this. */
  shows(text: string): Promise<void>;
  /** Types text as it is. */
  type(text: string): Promise<void>;
  /** Presses keys by tmux's names: `Enter`, `Down`, `C-c`. */
  press(...keys: string[]): Promise<void>;
  /** Waits until the program has ended; its exit status. */
  ended(): Promise<number>;
  close(): Promise<void>;
}

let count = 0;

/** Starts a command in a terminal of 100 columns and 40 lines; it belongs to a tmux server of its own. */
export async function openTerminal(
  command: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Terminal> {
  count += 1;
  const socket = `michelangelo-${process.pid}-${count}`;
  const tmux = (...words: string[]) => execa('tmux', ['-L', socket, '-f', '/dev/null', ...words]);
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const settings = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const shell = `${quoted}; echo "[ended $?]"; sleep 1000`;
  await tmux(
    'new-session',
    '-d',
    '-x',
    '100',
    '-y',
    '40',
    '-c',
    cwd,
    ...settings,
    'bash',
    '-c',
    shell,
  );
  const screen = async () => (await tmux('capture-pane', '-p')).stdout;
  return {
    screen,
    async shows(text) {
      await until(
        `"${text}" on the terminal`,
        async () => {
          const shown = await screen();
          if (shown.includes(text)) return true;
          throw new Error(`it shows\n${shown.trimEnd()}`);
        },
        30_000,
      );
    },
    async type(text) {
      await tmux('send-keys', '-l', '--', text);
    },
    async press(...keys) {
      await tmux('send-keys', ...keys);
    },
    async ended() {
      return until(
        'the end of the program',
        async () => {
          const status = /\[ended (\d+)\]/.exec(await screen())?.[1];
          return status === undefined ? undefined : Number(status);
        },
        60_000,
      );
    },
    // An interrupted program may have taken its terminal with it.
    async close() {
      await tmux('kill-server').catch(() => undefined);
    },
  };
}
