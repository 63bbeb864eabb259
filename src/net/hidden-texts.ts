/** Texts that stand in others in a form that no search finds: as escapes, and as base64. */

/** `\u0061` and `\x61`, for all but control characters, also where the backslash is escaped itself. */
const ESCAPE = /\\+(?:u(?!00[01])([0-9a-f]{4})|x(?![01])([0-9a-f]{2}))/gi;
/** In YAML's double quotes a line may end anywhere. */
const LINE_END = /\\\r?\n[ \t]*/g;

/** A text with the escapes of plain characters written out; undefined where it has none. */
export function withoutEscapes(text: string): string | undefined {
  if (!text.includes('\\')) return undefined;
  const plain = text
    .replace(LINE_END, '')
    .replace(ESCAPE, (_, long?: string, short?: string) =>
      String.fromCharCode(Number.parseInt(long ?? short ?? '', 16)),
    );
  return plain === text ? undefined : plain;
}

/** What a text says that is base64 as a whole, its lines cut or not; undefined where it is not. */
export function fromBase64(text: string): string | undefined {
  const bare = text.replace(/\s/g, '');
  if (bare.length < 8 || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return undefined;
  return Buffer.from(bare, 'base64').toString('latin1');
}

/**
 * What base64 has of a text wherever that begins in what is encoded: one form for each of the three places in a group of bytes, without the
 * characters that also depend on what stands beside it.
 */
export function base64Forms(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const bytes = Buffer.from('\0'.repeat(offset) + text);
    const whole = Math.floor((bytes.length * 8) / 6);
    return bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), whole);
  });
}
