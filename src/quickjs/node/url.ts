/** `node:url` and the URL standard's parser for the function in the static executable. */
import { toUnicode } from 'tr46';
import {
  basicURLParse,
  serializeHost,
  serializeInteger,
  serializePath,
  serializeURL,
  serializeURLOrigin,
} from 'whatwg-url/lib/url-state-machine.js';

/** A URL that is only read. Node's class parses in the same way. */
class ReadOnlyUrl {
  readonly #url: NonNullable<ReturnType<typeof basicURLParse>>;

  constructor(text: string) {
    const url = basicURLParse(text);
    if (url === null) throw new TypeError('Invalid URL');
    this.#url = url;
  }

  static canParse(text: string): boolean {
    return basicURLParse(text) !== null;
  }

  get href(): string {
    return serializeURL(this.#url);
  }

  get origin(): string {
    return serializeURLOrigin(this.#url);
  }

  get protocol(): string {
    return `${this.#url.scheme}:`;
  }

  get username(): string {
    return this.#url.username;
  }

  get password(): string {
    return this.#url.password;
  }

  get host(): string {
    return this.port === '' ? this.hostname : `${this.hostname}:${this.port}`;
  }

  get hostname(): string {
    return this.#url.host === null ? '' : serializeHost(this.#url.host);
  }

  get port(): string {
    return this.#url.port === null ? '' : serializeInteger(this.#url.port);
  }

  get pathname(): string {
    return serializePath(this.#url);
  }

  get search(): string {
    return this.#url.query ? `?${this.#url.query}` : '';
  }

  get hash(): string {
    return this.#url.fragment ? `#${this.#url.fragment}` : '';
  }
}

export { ReadOnlyUrl as URL };

/** A host with its `xn--` labels in their own letters; empty where one is none. */
export function domainToUnicode(domain: string): string {
  const { domain: text, error } = toUnicode(domain, {
    checkHyphens: false,
    useSTD3ASCIIRules: false,
  });
  return error ? '' : text;
}
