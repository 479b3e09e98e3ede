/** Where exports are written: whole or not at all, and nothing beside them is touched. */
import { expect, test } from 'vitest';
import { exportArtifactFile } from '../../lib/operations/artifact-files.ts';
import { exportHistory } from '../../lib/operations/export-history.ts';
import type { World } from '../../lib/ports/world.ts';
import { buildDir, memoryBuild } from '../support/memory-build.ts';
import { plainRecipe } from '../support/workspace.ts';

const exportsOf = ({ world }: { readonly world: World }) => [
  (file: string): unknown => exportHistory(world, { buildDir, revs: ['@1'], file }),
  (file: string): unknown => exportArtifactFile(world, { buildDir, rev: 'lib', file }, () => {}),
];

test('an export to nowhere, or to a directory, says so, and no export touches what lies beside it', async () => {
  const memory = memoryBuild({
    files: { 'recipes/lib_1.bb': plainRecipe({ do_compile: 'echo lib', do_install: 'echo lib' }) },
  });
  await memory.build('lib');
  const { fs } = memory.world;
  for (const [i, exportTo] of exportsOf(memory).entries()) {
    const dir = `/shared${i}`;
    fs.mkdirSync(dir);
    expect(() => exportTo('/nowhere/x')).toThrow(
      '/nowhere/x cannot be written: there is no directory /nowhere',
    );
    expect(() => exportTo(dir)).toThrow(`${dir} cannot be written: it is a directory`);
    fs.writeFileSync(`${dir}/x.new`, 'mine');
    expect(() => exportTo(`${dir}/x.new`)).toThrow('something else is there, which is no export');
    exportTo(`${dir}/x`);
    // An earlier one is written over.
    exportTo(`${dir}/x`);
    expect(fs.readFileSync(`${dir}/x.new`, 'utf8')).toBe('mine');
    expect(fs.readdirSync(dir).filter((name) => !/^x(?:\.new|\.json)?$/.test(String(name)))).toEqual([]);
    expect(fs.existsSync(`${dir}.json`)).toBe(false);
  }
});

test('an artifact is not exported where its entry would go over something else', async () => {
  const memory = memoryBuild({
    files: { 'recipes/lib_1.bb': plainRecipe({ do_compile: 'echo lib', do_install: 'echo lib' }) },
  });
  await memory.build('lib');
  const { fs } = memory.world;
  fs.writeFileSync('/x.json', '{"mine": true}');
  expect(() => exportArtifactFile(memory.world, { buildDir, rev: 'lib', file: '/x' }, () => {})).toThrow(
    '/x cannot be written: its entry goes to /x.json, which is none',
  );
  expect(fs.readFileSync('/x.json', 'utf8')).toBe('{"mine": true}');
  expect(fs.existsSync('/x')).toBe(false);
});
