import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FileSystem } from '../../lib/ports/world.ts';
import { fillSysroot } from '../../lib/sysroot/apply-sysroot.ts';
import { composeSysroot, type SysrootPart } from '../../lib/sysroot/compose-sysroot.ts';
import { readManifest } from '../../lib/sysroot/sysroot-manifest.ts';
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

function partOf(recipe: string, model: Model, mode = 0o755): SysrootPart {
  const objects = memoryObjects();
  const planted = Object.entries(model).map(([path, content]) => {
    if (content === 'dir') return [path, { dir: mode }] as const;
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

/** Directories of rights that not all artifacts agree on, and artifacts that are as they were before. */
const changing = fc.record({
  recipe: fc.constantFrom('p', 'q', 'r', 's'),
  image: fc.option(image),
  mode: fc.constantFrom(0o755, 0o755, 0o750, 0o1777),
  verify: fc.boolean(),
});

test('a sysroot that changed part by part is written down as one that is composed of all of them', () => {
  fc.assert(
    fc.property(fc.array(changing, { maxLength: 8 }), (changes) => {
      const fs = memoryFileSystem();
      const place = { dir: '/sysroot', manifest: '/manifest' };
      let parts: readonly SysrootPart[] = [];
      for (const { recipe, image: model, mode, verify } of changes) {
        const others = parts.filter((part) => part.recipe !== recipe);
        const next = model === null ? others : [...others, partOf(recipe, model, mode)];
        try {
          fillSysroot(fs, { ...place, parts: next, verify });
          parts = next;
        } catch (error) {
          if (!(error instanceof VarveError)) throw error;
          expect(() => composeSysroot(next)).toThrow(error.message);
        }
        const found = [...(readManifest(fs, place.manifest)?.entries ?? [])].map(([path, entry]) => {
          const { stat, ...staged } = entry;
          const { mode: onDiskMode } = fs.lstatSync(`/sysroot/${path}`);
          if (entry.kind !== 'symlink') expect(onDiskMode & 0o7777).toBe(entry.mode);
          expect(stat === '').toBe(entry.kind === 'dir');
          return [path, staged] as const;
        });
        expect(new Map(found)).toEqual(composeSysroot(parts).entries);
      }
    }),
    { seed: 20100, numRuns: 300 },
  );
});
