/** Origins that the stand's config lets in, and origins that it does not. */

export const ALLOWED = [
  'https://app.ml.example.com',
  'https://console.example.com',
  'https://one.preview.example.com',
  'http://localhost:5173',
  'http://localhost',
];

/** Each with what it tries. */
export const FOREIGN: Readonly<Record<string, string>> = {
  'another site': 'https://evil.test',
  'ours as the beginning of a name': 'https://app.ml.example.com.evil.test',
  'a letter where we have a dot': 'https://appXml.example.com',
  'the same in lower case': 'https://appxml.example.com',
  'ours as the end of a label': 'https://evil-app.ml.example.com',
  'a name below ours': 'https://evil.app.ml.example.com',
  'the parent domain': 'https://ml.example.com',
  "the API's host": 'https://api.ml.example.com',
  'no origin that can be named': 'null',
  'another port': 'https://app.ml.example.com:8443',
  'another scheme': 'http://app.ml.example.com',
  'another case': 'https://APP.ml.example.com',
  'ours as a user name': 'https://app.ml.example.com@evil.test',
  'ours and a path': 'https://app.ml.example.com/',
  'ours, then another': 'https://app.ml.example.com, https://evil.test',
  'another, then ours': 'https://evil.test, https://app.ml.example.com',
  'the literal asterisk': '*',
  'an asterisk for the label': 'https://*.preview.example.com',
  'two labels for one': 'https://two.labels.preview.example.com',
  'no label for one': 'https://preview.example.com',
  'a name behind an allowed port': 'http://localhost:5173.evil.test',
  'a name behind localhost': 'http://localhost.evil.test:5173',
};
