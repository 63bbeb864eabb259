/**
 * Addresses of this machine that nobody else uses. On Linux all of 127.0.0.0/8 is loopback: a program with an address of
 * its own can keep its usual ports, and none has to be found free.
 */
import { randomInt } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { Running } from '../support/stand.ts';

/** A loopback address that is most likely free. */
export function ownAddress(): string {
  return `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
}

/** Passes connections to a port of this address on to a port of 127.0.0.1. */
export async function forward(address: string, port: number, target: number): Promise<Running> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const behind = connect(target, '127.0.0.1');
    for (const end of [socket, behind]) {
      sockets.add(end);
      end.once('close', () => sockets.delete(end));
    }
    // Either side may hang up at any time; both end then.
    const ignore = () => {};
    pipeline(socket, behind, ignore);
    pipeline(behind, socket, ignore);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return {
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
