import { expect, test } from 'vitest';
import type { Python } from '../../lib/ports/python.ts';
import { createDatastore } from '../../lib/language/datastore.ts';
import { readConfiguration } from '../../lib/language/read-configuration.ts';
import { environmentOf } from './memory-source.ts';
import { configuration, errorOf } from './reading.ts';

const { data } = configuration(
  'PV = "1.2.3"',
  'FEATURES = "wifi bt"',
  'MLPREFIX = ""',
  'PACKAGECONFIG = "ssl"',
  'PACKAGECONFIG[zip] = "--with-zip, --without-zip, zlib"',
  'PACKAGECONFIG[ssl] = "--with-ssl=${PV},,openssl ${X},ca-certs"',
  'FILESEXTRAPATHS = "/layer/files:__default:"',
  'FILESOVERRIDES = "arm:local"',
  'FILE_DIRNAME = "/r"',
  'BP = "demo-1.0"',
  'BPN = "demo"',
);

const answers: readonly (readonly [string, string])[] = [
  ["d.getVar('PV').split('.')[0]", '1'],
  ["'.'.join(d.getVar('PV').split('.')[:2])", '1.2'],
  ["d.getVar('NOTHING')", 'None'],
  ["d.getVar('NOTHING') or 'other'", 'other'],
  ["'a' if d.getVar('PV') == '1.2.3' and not d.getVar('X') else 'b'", 'a'],
  ["bb.utils.contains('FEATURES', 'wifi nfc', 'all', 'some', d)", 'some'],
  ["bb.utils.filter('FEATURES', 'wifi bt gps', d)", 'bt wifi'],
  ["' '.join(sorted(set(x + '!' for x in 'b a b'.split())))", 'a! b!'],
  ["'%-4s|%03d' % ('a', 7)", 'a   |007'],
  ["[1, 'two', None, ('x',)]", "[1, 'two', None, ('x',)]"],
  ['PV.upper()', '1.2.3'],
  ["bb.parse.vars_from_file('/r/demo_1.0_r2.bb', d)[2]", 'r2'],
  ["bb.parse.vars_from_file('/r/demo.inc', d)", '(None, None, None)'],
  ["oe.utils.prune_suffix('zlib-native', '-native -cross'.split(), d)", 'zlib'],
  ["os.path.join('/a', 'b', os.path.basename('/c/d'))", '/a/b/d'],
  ["os.path.dirname('/a') + os.path.normpath('/a/../b/')", '//b'],
  ['os.uname()[4]', 'x86_64'],
  ['oe.utils.cpu_count()', '4'],
  ["bb.utils.vercmp_string_op('1.10', '1.9', '>')", 'True'],
  ['varve.packageconfig_confargs(d)', '--with-ssl=1.2.3 --without-zip'],
  ['varve.packageconfig_depends(d)', 'openssl ${X}'],
  ['varve.packageconfig_rdepends(d)', 'ca-certs'],
];

test.each(answers)('%s is %s, without Python', (expression, answer) => {
  expect(data.expand(`\${@${expression}}`)).toBe(answer);
});

test('sources are looked for in every directory, under the last override first', () => {
  const path = data.expand('${@varve.files_path(d)}').split(':');
  expect(path.slice(0, 5)).toEqual([
    '/layer/files/local',
    '/r/demo-1.0/local',
    '/r/demo/local',
    '/r/files/local',
    '/layer/files/arm',
  ]);
  expect(path.at(-1)).toBe('/r/files');
});

test('what Python would raise is an error that names the variable and its line', () => {
  const { data: broken } = configuration('A = "1"', 'B = "${@d.getVar(\'X\').split()}"');
  expect(errorOf(() => broken.get('B'))).toEqual([
    '/conf/t.conf:2',
    "${@d.getVar('X').split()} in B fails with AttributeError: 'NoneType' object has no attribute 'split'",
  ]);
});

test('what the fast path does not know is asked of Python, with the datastore at hand', () => {
  const asked: string[] = [];
  const python: Python = {
    evaluate: (expression, view) => {
      asked.push(expression);
      return { ok: true, value: `<${view.expand('${A}')}>` };
    },
    define: () => ({ ok: true, value: '' }),
    execute: () => ({ ok: true, value: '' }),
    fire: () => ({ ok: true, value: '' }),
  };
  const environment = environmentOf(
    { '/t.conf': 'A = "a"\nB = "${@ {1: A}[1] } ${@len(A)}"\n' },
    () => python,
  );
  const store = createDatastore(environment);
  readConfiguration(store, '/t.conf', environment);
  expect(store.get('B')).toBe('<a> 1');
  expect(asked).toEqual(['{1: A}[1]']);
});
