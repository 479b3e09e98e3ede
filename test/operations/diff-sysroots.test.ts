import { expect, test } from 'vitest';
import { findRecorded } from '../../lib/operations/record/find-recorded.ts';
import { diffSysroots } from '../../lib/operations/diff-sysroots.ts';
import { openRecord } from '../../lib/operations/record/open-record.ts';
import { buildDir, worldWithBuilds, type BuildState } from './recorded.ts';

const libraries = (text: string): BuildState['recipes'] => ({
  lib: { tasks: {}, artifact: { 'usr/include/lib.h': text, 'usr/share/doc': text } },
  tool: { native: true, tasks: {}, artifact: { 'usr/bin/tool': 'same' } },
});

test('sysroots of two builds differ by what of their artifacts is staged, for the target or for the machine that builds', () => {
  const before = worldWithBuilds([{ recipes: libraries('1') }, { recipes: libraries('2') }]);
  const idOf = (recipe: string, build: string): string =>
    findRecorded(openRecord(before, buildDir), { recipe }, build).recipe.artifact()?.id ?? '';
  const app = (build: string, ...others: readonly string[]): BuildState['recipes'] => ({
    ...libraries(build),
    app: {
      tasks: {
        do_configure: {
          inputs: [
            { kind: 'artifact', name: 'lib', value: `${idOf('lib', build)} only /usr/include` },
            ...others.map((name) => ({ kind: 'artifact', name, value: idOf(name, build) }) as const),
          ],
        },
        do_unpack: { inputs: [] },
      },
    },
  });
  const world = worldWithBuilds([{ recipes: app('1', 'tool') }, { recipes: app('2') }]);
  const compare = (from: string, to: string, ...paths: readonly string[]) =>
    diffSysroots(world, { buildDir, revs: [from, to], paths });
  const diff = compare('app@1', 'app@2');
  expect(diff.recipes).toEqual([
    { recipe: 'lib', status: 'M', artifact: true, sysroot: 'target' },
    { recipe: 'tool', status: 'D', artifact: true, sysroot: 'native' },
  ]);
  expect(diff.files.map(({ recipe, status, path }) => `${status} ${recipe} ${path}`)).toEqual([
    'M lib usr/include/lib.h',
  ]);
  expect(compare('app@1:unpack', 'app@2:unpack').recipes).toEqual([]);
  expect(() => compare('lib@1', 'app')).toThrow('lib@1:do_configure has no recorded sysroot');
  const about = (...paths: readonly string[]) => {
    const { recipes, files, absent } = compare('app@1', 'app@2', ...paths);
    return [recipes?.map(({ recipe }) => recipe), files.map(({ path }) => path), absent];
  };
  expect(about('lib/usr')).toEqual([['lib'], ['usr/include/lib.h'], []]);
  expect(about('usr/include/', 'usr/lbi')).toEqual([['lib'], ['usr/include/lib.h'], ['usr/lbi']]);
  expect(about('tool')).toEqual([['tool'], [], []]);
  expect(about('usr/share')).toEqual([[], [], []]);
});
