import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FileSystem } from '../../lib/ports/world.ts';
import { fillSysroot } from '../../lib/sysroot/apply-sysroot.ts';
import type { SysrootPart } from '../../lib/sysroot/compose-sysroot.ts';
import { VarveError } from '../../lib/terms/varve-error.ts';
import { artifactOf, memoryObjects } from '../support/memory-objects.ts';
import { memoryFileSystem } from '../support/memory-world.ts';

/** What a naive reader would say stands at each path: its content, `dir`, or a link's target. */
type Model = Readonly<Record<string, string>>;

/** Few names and few contents, so that artifacts meet often. */
const leaf = fc.record({
  path: fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
    .map((names) => names.join('/')),
  content: fc.constantFrom('file 1', 'file 2', 'link a', 'dir'),
});

/** An image: leaves that do not stand in each other's way. */
const image = fc.array(leaf, { maxLength: 4 }).map((leaves) => {
  const model: Record<string, string> = {};
  for (const { path, content } of leaves) {
    const parents = path
      .split('/')
      .slice(0, -1)
      .map((_, at, names) => names.slice(0, at + 1).join('/'));
    const free = parents.every((parent) => (model[parent] ?? 'dir') === 'dir') && model[path] === undefined;
    if (!free) continue;
    for (const parent of parents) model[parent] = 'dir';
    model[path] = content;
  }
  return model;
});

function partOf(recipe: string, model: Model): SysrootPart {
  const objects = memoryObjects();
  const planted = Object.entries(model).map(([path, content]) => {
    if (content === 'dir') return [path, { dir: 0o755 }] as const;
    return [path, content.startsWith('link') ? { link: content.slice(5) } : content] as const;
  });
  return { recipe, objects, tree: artifactOf(objects, Object.fromEntries(planted)) };
}

/** Everything together, or undefined where two differ at a path. */
function together(models: readonly Model[]): Model | undefined {
  const all: Record<string, string> = {};
  for (const [path, content] of models.flatMap((model) => Object.entries(model))) {
    if ((all[path] ?? content) !== content) return undefined;
    all[path] = content;
  }
  return all;
}

function onDisk(fs: FileSystem, dir: string, prefix = ''): Model {
  const all: Record<string, string> = {};
  for (const name of fs.readdirSync(dir).map(String)) {
    const full = `${dir}/${name}`;
    const stats = fs.lstatSync(full);
    if (stats.isSymbolicLink()) all[prefix + name] = `link ${fs.readlinkSync(full)}`;
    else if (stats.isFile()) all[prefix + name] = fs.readFileSync(full, 'utf8');
    else Object.assign(all, { [prefix + name]: 'dir' }, onDisk(fs, full, `${prefix}${name}/`));
  }
  return all;
}

test('no overwrite goes unnoticed, and one change after the other ends where a fresh start does', () => {
  const steps = fc.array(fc.array(image, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(steps, (compositions) => {
      const fs = memoryFileSystem();
      fs.mkdirSync('/sysroot');
      let before: Model = {};
      for (const models of compositions) {
        const parts = models.map((model, at) => partOf(`recipe${at}`, model));
        const expected = together(models);
        const fill = (): unknown => fillSysroot(fs, { dir: '/sysroot', manifest: '/manifest', parts });
        if (expected === undefined) expect(fill).toThrow(VarveError);
        else fill();
        before = expected ?? before;
        expect(onDisk(fs, '/sysroot')).toEqual(before);
      }
    }),
    { seed: 20100, numRuns: 300 },
  );
});
