/** Names that Node.js has everywhere and QuickJS has not: those that the URL parser looks for when it is loaded. */
import { host } from '../host.ts';

class TextEncoder {
  encode(text: string): Uint8Array {
    return new Uint8Array(host.encode(text));
  }
}

/** Of UTF-8; a byte order mark stays. */
class TextDecoder {
  decode(bytes: Uint8Array): string {
    return host.decode(bytes);
  }
}

Object.assign(globalThis, { TextEncoder, TextDecoder });
