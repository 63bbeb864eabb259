/** Following a place of what was built into the file that it was built from. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { align } from '../../../src/cli/places/align.ts';

const test = suite('places in two versions of a thing');

const built = {
  containers: [
    { name: 'sidecar', image: 'proxy:1' },
    { name: 'web', image: 'web:2', args: ['--a', '--b', '--c'] },
  ],
  hosts: ['x', 'y'],
};

test('items of a list are found by their name', () => {
  const file = { containers: [{ name: 'web', image: 'web:1' }] };
  assert.equal(align(['containers', '1', 'image'], built, file), {
    keys: ['containers', '0', 'image'],
    isSame: false,
  });
  assert.equal(align(['containers', '1', 'name'], built, file), {
    keys: ['containers', '0', 'name'],
    isSame: true,
  });
});

test('a name tells more than all that others share', () => {
  const one = { name: 'a', image: 'i', tag: 't', pull: 'p' };
  const file = [
    { ...one, name: 'b' },
    { name: 'a', other: 1 },
  ];
  assert.equal(align(['0'], [one], file).keys, ['1']);
});

test('values without a name are found by what they say', () => {
  const file = { containers: [{ name: 'web', args: ['--b', '--c'] }], hosts: ['y'] };
  assert.equal(align(['containers', '1', 'args', '2'], built, file), {
    keys: ['containers', '0', 'args', '1'],
    isSame: true,
  });
  assert.equal(align(['hosts', '0'], built, file), { keys: ['hosts'], isSame: false });
});

test('of equal items, and in lists of one length, the index tells', () => {
  assert.equal(align(['1'], ['a', 'a'], ['a', 'a']), { keys: ['1'], isSame: true });
  assert.equal(align(['1'], ['a', 'b'], ['c', 'd']), { keys: ['1'], isSame: false });
  assert.equal(align(['1'], ['a', 'b'], ['c', 'd', 'e']), { keys: [], isSame: false });
});

test('documents inside strings are looked into', () => {
  const config = (port: number) => ({ 'a.yaml': `# the server\nserver: {port: ${port}}\n` });
  assert.equal(align(['a.yaml', 'server', 'port'], config(1), config(1)), {
    keys: ['a.yaml', 'server', 'port'],
    isSame: true,
  });
  assert.is(align(['a.yaml', 'server', 'port'], config(1), config(2)).isSame, false);
});

test('it goes as far as the file has it', () => {
  assert.equal(align(['hosts', '0'], built, { containers: [] }), { keys: [], isSame: false });
  assert.equal(align(['toString'], built, {}), { keys: [], isSame: false });
});

test.run();
