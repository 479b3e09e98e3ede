import { expect, test } from 'vitest';
import { layerConf, read, refusal } from './build-directory.ts';

/** Layers by name, each with further lines in its layer.conf, in the order of BBLAYERS. */
function layers(further: Readonly<Record<string, string>>, local = ''): Parameters<typeof read>[0] {
  const files = Object.entries(further).map(([name, text]) => [
    `/layers/${name}/conf/layer.conf`,
    layerConf(name, text),
  ]);
  return {
    files: { ...Object.fromEntries(files), '/build/conf/local.conf': local },
    layers: Object.keys(further).map((name) => `/layers/${name}`),
  };
}

test('a layer that needs one that is not there is an error that names both', () => {
  const answer = refusal(() => read(layers({ board: '\nLAYERDEPENDS_board = "bsp"' })));
  expect(answer).toEqual({
    fault: 'metadata',
    message: 'the layer board needs the layer bsp, which is not in BBLAYERS',
    place: { file: '/layers/board/conf/layer.conf', line: 6 },
    hints: ['add the directory of bsp to BBLAYERS in conf/bblayers.conf'],
  });
});

test("varve's own metadata stands for the layer core where conf/bblayers.conf says so", () => {
  const board = layers({ board: 'LAYERDEPENDS_board = "core"' });
  const hint = `BBFILE_COLLECTIONS += "core" in conf/bblayers.conf`;
  expect(refusal(() => read(board))).toMatchObject({
    hints: [
      'add the directory of core to BBLAYERS in conf/bblayers.conf',
      `or let varve's own metadata stand for it: ${hint}`,
    ],
  });
  const conf = 'BBLAYERS = "/layers/board"\nBBFILE_COLLECTIONS += "core"\n';
  const said = { ...board, files: { ...board.files, '/build/conf/bblayers.conf': conf } };
  expect(read(said).layers.map(({ name }) => name)).toEqual(['board']);
});

test.each([
  ['>= 4', '4', undefined],
  ['> 4', '4.1', undefined],
  ['= 4', '5', 'the layer board needs the layer bsp (= 4), and LAYERVERSION_bsp is "5"'],
  ['>= 4', '', 'the layer board needs the layer bsp (>= 4), and LAYERVERSION_bsp is not set'],
  ['=> 4', '4', 'the layer board needs the layer bsp (=> 4), and "=>" compares nothing'],
])('LAYERDEPENDS (%s) with LAYERVERSION "%s": %s', (condition, version, message) => {
  const both = layers({
    board: `LAYERDEPENDS_board = "bsp (${condition})"`,
    bsp: `LAYERVERSION_bsp = "${version}"`,
  });
  expect(refusal(() => read(both))).toEqual(
    message === undefined ? undefined : expect.objectContaining({ message }),
  );
});

test('a layer made for other releases than the core layer is refused with both', () => {
  const answer = refusal(() =>
    read(
      layers({
        core: 'LAYERSERIES_CORENAMES = "wrynose"\nLAYERSERIES_COMPAT_core = "wrynose"',
        board: 'LAYERSERIES_COMPAT_board = "kirkstone scarthgap"',
      }),
    ),
  );
  expect(answer).toEqual({
    fault: 'metadata',
    message: 'the layer board is made for kirkstone scarthgap, and the core layer is wrynose',
    place: { file: '/layers/board/conf/layer.conf', line: 5 },
    hints: [
      'take the branch of board for wrynose, or add that to LAYERSERIES_COMPAT_board if it works there',
    ],
  });
});

test('a layer that does not say for which releases it is made is warned of, where there is a core layer', () => {
  const series = 'LAYERSERIES_CORENAMES = "wrynose"\nLAYERSERIES_COMPAT_core = "wrynose"';
  expect(read(layers({ core: series, board: '' })).warnings.map(({ text }) => text)).toEqual([
    "the layer board does not say in LAYERSERIES_COMPAT_board for which releases it is made; the core layer's is wrynose",
  ]);
  expect(read(layers({ board: 'LAYERSERIES_COMPAT_board = "kirkstone"' })).warnings).toEqual([]);
});

test('two layers of one name are an error that names both files', () => {
  const files = {
    '/layers/a/conf/layer.conf': layerConf('same'),
    '/layers/b/conf/layer.conf': layerConf('same'),
  };
  expect(refusal(() => read({ files, layers: ['/layers/a', '/layers/b'] }))).toMatchObject({
    message:
      'two layers have the name same in BBFILE_COLLECTIONS: /layers/a/conf/layer.conf and /layers/b/conf/layer.conf',
  });
});

test('a layer without BBFILE_PRIORITY weighs one more than those that it depends on', () => {
  const { layers: found } = read(
    layers({
      top: 'LAYERDEPENDS_top = "middle"',
      middle: 'LAYERDEPENDS_middle = "low"',
      low: 'BBFILE_PRIORITY_low = "5"',
      alone: '',
    }),
  );
  expect(found.map(({ name, priority }) => `${name} ${priority}`)).toEqual([
    'top 7',
    'middle 6',
    'low 5',
    'alone 6',
  ]);
});

test('conf/local.conf may say what a layer weighs', () => {
  const { layers: found } = read(layers({ low: 'BBFILE_PRIORITY_low = "5"' }, 'BBFILE_PRIORITY_low = "7"\n'));
  expect(found[0]?.priority).toBe(7);
});

test('layers that depend on each other without priorities are all given one', () => {
  const circle = layers({ a: 'LAYERDEPENDS_a = "b"', b: 'LAYERDEPENDS_b = "a"' });
  expect(read(circle).layers.map(({ priority }) => priority)).toEqual([2, 1]);
});
