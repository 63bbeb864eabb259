/** What the executable uses of two packages that bring no types. */
declare module 'whatwg-url/lib/url-state-machine.js' {
  interface UrlRecord {
    scheme: string;
    username: string;
    password: string;
    host: unknown;
    port: number | null;
    query: string | null;
    fragment: string | null;
  }
  export function basicURLParse(text: string): UrlRecord | null;
  export function serializeURL(url: UrlRecord): string;
  export function serializeURLOrigin(url: UrlRecord): string;
  export function serializePath(url: UrlRecord): string;
  export function serializeHost(host: unknown): string;
  export function serializeInteger(number: number): string;
}

declare module 'tr46' {
  export function toUnicode(
    domain: string,
    options: { checkHyphens: boolean; useSTD3ASCIIRules: boolean },
  ): { domain: string; error: boolean };
}
