import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

interface Size {
  readonly total: number;
  readonly places: readonly {
    readonly kind: string;
    readonly name: string;
    readonly path: string;
    readonly size: number;
    readonly objects?: number;
    readonly packs?: number;
  }[];
}

test('every place has what du says of it, biggest first, and a file with two names counts once', () => {
  const w = makeWorkspace({
    files: {
      'recipes/lib_1.bb': plainRecipe({ do_compile: 'seq 99999 > ${B}/numbers' }, 'B = "${WORKDIR}/build"\n'),
    },
  });
  expect(w.varve('build', 'lib').status).toBe(0);
  mkdirSync(w.path('downloads'), { recursive: true });
  writeFileSync(w.path('downloads/large'), Buffer.alloc(3 << 20, 'x'));
  linkSync(w.path('downloads/large'), w.path('downloads/twin'));
  const size = JSON.parse(w.varve('history', 'size', '--json').stdout) as Size;
  for (const { path, size: bytes } of size.places)
    expect([path, bytes]).toEqual([
      path,
      Number(execFileSync('du', ['-s', '-B1', path]).toString().split('\t')[0]),
    ]);
  expect(size.total).toBe(size.places.reduce((sum, place) => sum + place.size, 0));
  expect(size.places.map((place) => place.size)).toEqual(
    size.places.map((place) => place.size).toSorted((a, b) => b - a),
  );
  expect(size.places[0]).toMatchObject({ kind: 'downloads', name: 'downloads' });
  const kinds = new Set(size.places.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(['artifacts', 'builds', 'derived', 'downloads', 'history', 'workdir']);
  const history = size.places.find(({ kind }) => kind === 'history');
  expect(history?.name).toMatch(/\/lib$/);
  expect(history?.objects).toBeGreaterThan(0);
  w.git('lib', 'gc', '-q');
  const packed = JSON.parse(w.varve('history', 'size', '--json').stdout) as Size;
  expect(packed.places.find(({ kind }) => kind === 'history')).toMatchObject({ objects: 0 });
  expect(w.varve('history', 'size').stdout).toMatch(/^ +3\.\d MiB +downloads\n/);
});
