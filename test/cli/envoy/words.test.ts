/** What is shown of Envoy's refusals. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wordsOfRefusal } from '../../../src/cli/envoy/words.ts';

const words = suite("Envoy's words");
const START = "error initializing configuration '/t/envoy.json': ";

words('are one line, without the folder and without the config behind them', () => {
  const said = `${START}Failed to load /t/etc/x.pem: {"a": "b"}\n`;
  assert.is(wordsOfRefusal(said, '/t', []), 'Failed to load /etc/x.pem');
});

words('show no line of a Secret, wherever Envoy quotes one', () => {
  const said = `${START}unable to parse "token: s3cret-value" near it`;
  const shown = wordsOfRefusal(said, '/t', ['token: s3cret-value\n']);
  assert.not.match(shown, 's3cret');
  assert.match(shown, '…');
});

words.run();
