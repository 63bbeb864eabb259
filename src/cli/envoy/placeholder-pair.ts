/**
 * A certificate and a key in place of those that are made in the cluster: Envoy reads files when it looks at a config, and asks of them
 * only that they are well-formed and belong together.
 *
 * Source: RFC 5280, section 4.1; a certificate of version 1, with an EC key that signs itself.
 */
import { generateKeyPairSync, sign } from 'node:crypto';

/** Nothing trusts it: it is made anew in each run. */
export interface Pair {
  /** PEM texts. */
  certificate: string;
  key: string;
  /** The key as a set of JSON Web Keys. */
  keySet: string;
}

/** Makes one that is valid for Envoy; one serves for every file of a run. */
export function makePair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // ecdsa-with-SHA256
  const algorithm = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
  const commonName = der(
    0x30,
    Buffer.from('0603550403', 'hex'),
    der(0x0c, Buffer.from('placeholder')),
  );
  const name = der(0x30, der(0x31, commonName));
  const body = der(
    0x30,
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    der(0x30, utcTime('200101000000Z'), utcTime('491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const lines = der(0x30, body, algorithm, signature).toString('base64').replace(/.{64}/g, '$&\n');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keySet: JSON.stringify({
      keys: [
        { ...publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'placeholder' },
      ],
    }),
  };
}

function utcTime(text: string): Buffer {
  return der(0x17, Buffer.from(text));
}

/** One value of ASN.1 with its tag and its length. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : [0x82, Math.floor(length / 0x100), length % 0x100];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
