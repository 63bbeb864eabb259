/**
 * Runs uvu files one after the other in this process, which the files then share: what is loaded once serves all. The
 * parent names a file in a message and gets its counts in another.
 */
import { getEachMessage, sendMessage } from 'execa';
import { runFile } from './run-file.ts';

for await (const file of getEachMessage()) await sendMessage({ ...(await runFile(String(file))) });
