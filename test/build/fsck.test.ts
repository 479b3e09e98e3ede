import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CheckedRecord } from '../../lib/operations/check-record.ts';
import { openBuilds } from '../../lib/history/builds.ts';
import { openRefs } from '../../lib/history/refs.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { CommitId, ObjectId } from '../../lib/terms/ids.ts';
import { formatChecked } from '../../lib/reporting/format-checked.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import { built, buildsGit, check, found, lib, libGit, tagged } from '../support/checked-build.ts';
import { buildDir, type MemoryBuild } from '../support/memory-build.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const objectPath = (oid: ObjectId, gitDir = libGit): string =>
  `${gitDir}/objects/${oid.slice(0, 2)}/${oid.slice(2)}`;

/** The file that do_compile of lib wrote. */
function compiled(memory: MemoryBuild): ObjectId {
  const { objects } = lib(memory);
  const entries = objects.readTree(objects.readCommit(tagged(memory, 'do_compile')).tree);
  return entries.find(({ name }) => name === 'compiled')?.oid ?? ('' as ObjectId);
}

/** Flips a byte in the middle of a file. */
function flip({ world: { fs } }: MemoryBuild, path: string): void {
  const bytes = fs.readFileSync(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  fs.rmSync(path);
  fs.writeFileSync(path, bytes);
}

function filesBelow(fs: FileSystem, dir: string): readonly string[] {
  return fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = `${dir}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(fs, path) : [path];
  });
}

test('a record that builds made is whole, and so it is where the WORKDIRs are gone', async () => {
  const memory = await built();
  expect(check(memory)).toMatchObject({ checked: { histories: 2, builds: 1, artifacts: 2 }, damaged: [] });
  memory.world.fs.rmSync(`${buildDir}/tmp`, { recursive: true });
  expect(check(memory)).toMatchObject({ artifacts: { stored: 2 }, withoutHistory: [], damaged: [] });
});

test('a flipped byte of an object is told with the file, the tag that needs it and where', async () => {
  const memory = await built();
  const path = objectPath(compiled(memory));
  flip(memory, path);
  const [finding, ...others] = check(memory).damaged;
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    place: path,
    what: expect.stringMatching(/; do_compile needs it \(compiled\)$/) as string,
    hints: [
      `rm -f ${path} && varve build -f -c do_compile lib   mends it if the task makes the same again, which varve fsck then tells`,
      expect.stringMatching(/^mv /) as string,
    ],
  });
});

test('an object that is gone is told with what needs it', async () => {
  const memory = await built();
  memory.world.fs.rmSync(objectPath(compiled(memory)));
  expect(found(memory)).toEqual([
    'history/x86_64/lib.git: object # is missing; do_compile needs it (compiled)',
  ]);
});

test('an object of another kind than it must be is found, though its bytes are right', async () => {
  const memory = await built();
  const { objects, commit, refs } = lib(memory);
  const blob = objects.writeBlob(Buffer.from('no tree'));
  const tree = objects.writeTree([{ mode: 0o40000, name: 'dir', oid: blob }]);
  refs.write('refs/heads/mine', commit({ tree, parents: [], subject: 'mine', trailers: [], time: 0 }));
  expect(found(memory)).toEqual([
    'history/x86_64/lib.git: object # is a blob, which it must not be; refs/heads/mine needs it (dir)',
  ]);
});

test('what no name leads to may be taken away, and the hint does it', async () => {
  const memory = await built();
  const path = objectPath(lib(memory).objects.writeBlob(Buffer.from('left over')));
  flip(memory, path);
  expect(check(memory).damaged[0]?.hints).toEqual([`rm -f ${path}   takes it away: nothing is lost`]);
  memory.world.fs.rmSync(path);
  expect(found(memory)).toEqual([]);
});

test('a name that a shell would obey is one word in what is to be typed', async () => {
  const memory = await built();
  const { refs } = lib(memory);
  refs.write("refs/tags/do_compile@';touch${IFS}x;'", tagged(memory, 'do_unpack'));
  const builds = openBuilds({ fs: memory.world.fs, gitDir: buildsGit });
  openRefs(memory.world.fs, buildsGit).write('refs/tags/x;touch${IFS}y', builds.all()[0]?.commit as CommitId);
  const typed = check(memory).damaged.flatMap(({ hints }) => hints.map((hint) => hint.split('   ')[0]));
  expect(typed).toEqual([
    `git --git-dir ${buildsGit} tag -d 'x;touch\${IFS}y'`,
    `git --git-dir ${libGit} update-ref -d 'refs/tags/do_compile@'\\'';touch\${IFS}x;'\\'''`,
  ]);
});

test('a tag to nowhere, one of another task and one of another signature are told apart', async () => {
  const memory = await built();
  const { refs } = lib(memory);
  refs.write('refs/tags/do_compile@0123456789ab', tagged(memory, 'do_compile'));
  refs.write('refs/tags/do_unpack', tagged(memory, 'do_compile'));
  refs.write('refs/tags/do_fetch', '1'.repeat(40) as ObjectId);
  refs.write('refs/artifacts/0123456789ab', tagged(memory, 'do_install'));
  expect(found(memory)).toEqual([
    'history/x86_64/lib.git: object # is missing; do_fetch needs it',
    'history/x86_64/lib.git: artifacts/# names what is not its artifact',
    'history/x86_64/lib.git: do_compile@# names a commit of another signature',
    'history/x86_64/lib.git: do_unpack names a commit that is not one of lib:do_unpack',
  ]);
});

test('a tag whose file says something else, and a HEAD at nothing', async () => {
  const memory = await built();
  memory.world.fs.mkdirSync(`${libGit}/refs/tags`, { recursive: true });
  memory.world.fs.writeFileSync(`${libGit}/refs/tags/do_compile`, 'zz\n');
  lib(memory).setHead('2'.repeat(40) as CommitId);
  expect(found(memory)).toEqual([
    'history/x86_64/lib.git/refs/tags/do_compile: it says "zz\\n" instead of naming an object',
    'history/x86_64/lib.git: object # is missing; HEAD needs it',
  ]);
});

test('a HEAD that says nothing is found; as the hint has it, what was typed in the WORKDIR is kept as edits', async () => {
  const memory = await built();
  memory.world.fs.writeFileSync(`${libGit}/HEAD`, '');
  expect(found(memory)).toEqual(['history/x86_64/lib.git/HEAD: it says "" instead of naming an object']);
  const hint = check(memory).damaged[0]?.hints[0] ?? '';
  const [, text = '', path = ''] = /^echo '(.*)' > (\S+) /.exec(hint) ?? [];
  memory.world.fs.writeFileSync(path, `${text}\n`);
  expect(found(memory)).toEqual([]);
  memory.world.fs.writeFileSync(`${lib(memory).workdir}/typed`, 'by a person\n');
  await memory.build('lib', { task: 'do_compile', force: true });
  expect([...lib(memory).refs.list('refs/tags/edited@').keys()]).toEqual(['refs/tags/edited@1']);
});

test('a build whose commits are gone, with all names that led to them', async () => {
  const memory = await built();
  const { refs } = lib(memory);
  const [first, last] = [tagged(memory, 'do_fetch'), tagged(memory, 'do_install')];
  for (const name of refs.list('refs/').keys()) if (!name.startsWith('refs/varve/')) refs.delete(name);
  refs.write('refs/varve/builds/1', first);
  refs.clearHead();
  memory.world.fs.rmSync(objectPath(last));
  expect(found(memory)).toEqual([
    'history/builds.git: in build 1 lib:do_install is commit # (and 1 more of it), which its history has not',
  ]);
});

test('a build whose tag is another one, and inputs that were not hashed', async () => {
  const memory = await built();
  const builds = openBuilds({ fs: memory.world.fs, gitDir: buildsGit });
  const commit = builds.refs.read('refs/tags/1');
  if (commit !== undefined) builds.refs.write('refs/tags/7', commit);
  builds.record({
    number: 2,
    ok: true,
    when: 0,
    message: 'build 2: lib',
    build: '',
    recipes: new Map([
      [
        'x86_64/lib',
        {
          files: new Map([
            ['tasks', `do_compile ${'a'.repeat(64)} -\n`],
            ['inputs/do_compile', ''],
          ]),
        },
      ],
    ]),
  });
  expect(found(memory)).toEqual([
    'history/builds.git: tag 7 names build 1',
    'history/builds.git: in build 2 lib:do_compile has inputs of another signature',
  ]);
});

test('an archive of which one byte is another, and an entry that cannot be read', async () => {
  const memory = await built();
  const { fs } = memory.world;
  const [archive = ''] = filesBelow(fs, `${buildDir}/artifacts/cas`);
  const names = (entry: string): boolean =>
    fs.readFileSync(entry, 'utf8').includes(archive.slice(archive.lastIndexOf('/') + 1));
  const entry = filesBelow(fs, `${buildDir}/artifacts/ac`).find((path) => !names(path));
  flip(memory, archive);
  fs.writeFileSync(entry ?? '', '{}');
  const damaged = found(memory);
  expect(damaged).toHaveLength(2);
  expect(damaged.join('\n')).toMatch(/^artifacts\/ac\/#: the artifact is damaged: /m);
  // What is damaged stays where it is: looking changes nothing.
  expect(found(memory)).toEqual(damaged);
});

test('a recipe whose history was removed is a fact, and so is an artifact that is gone', async () => {
  const memory = await built();
  memory.world.fs.rmSync(libGit, { recursive: true });
  memory.world.fs.rmSync(`${buildDir}/artifacts`, { recursive: true });
  expect(check(memory)).toMatchObject({
    artifacts: { stored: 0, inHistory: 1, gone: 1 },
    withoutHistory: ['x86_64/lib'],
    damaged: [],
  });
});

test('a history without names is a fact, as a power cut may leave it, until a build names its results again', async () => {
  const memory = await built();
  const { fs } = memory.world;
  for (const names of ['packed-refs', 'refs'])
    fs.rmSync(`${libGit}/${names}`, { recursive: true, force: true });
  expect(check(memory)).toMatchObject({ withoutNames: ['x86_64/lib'], damaged: [] });
  const view = { paint: createPaint(false), world: memory.world, verbose: false, quiet: false };
  expect(formatChecked(check(memory), view)).toContain(
    'no names in the history of x86_64/lib: builds name again what they need, varve gc edits and notes\n',
  );
  memory.write('recipes/lib_1.bb', plainRecipe({ do_compile: 'echo lib', do_install: 'echo other' }));
  await memory.build('app');
  expect(check(memory)).toMatchObject({ withoutNames: [], damaged: [] });
});

test('a history that was begun anew is not held against the builds before', async () => {
  const memory = await built();
  memory.world.fs.rmSync(libGit, { recursive: true });
  memory.write('recipes/lib_1.bb', plainRecipe({ do_compile: 'echo other', do_install: 'echo lib' }));
  await memory.build('app');
  expect(check(memory)).toMatchObject({ checked: { histories: 2, builds: 2 }, damaged: [] });
});

/** One recipe built on the disk, its history packed by git. */
function packed(): Workspace {
  const w = makeWorkspace({
    damages: true,
    files: {
      'recipes/lib_1.bb': plainRecipe({ do_compile: 'seq 9000 > ${B}/numbers' }, 'B = "${WORKDIR}/build"\n'),
    },
  });
  expect(w.varve('build', 'lib').status).toBe(0);
  w.git('lib', 'gc', '-q');
  return w;
}

/** A file of the only pack. */
function packFile(w: Workspace, ending: string): string {
  const [arch = ''] = readdirSync(w.path('history')).filter((name) => !name.endsWith('.git'));
  const dir = w.path('history', arch, 'lib.git', 'objects/pack');
  return join(dir, readdirSync(dir).find((name) => name.endsWith(ending)) ?? '');
}

test('packs that git made are read, and a flipped byte of one is found: exit 1, and --json tells the same', () => {
  const w = packed();
  expect(w.varve('fsck')).toMatchObject({ status: 0, stderr: '' });
  const path = packFile(w, '.pack');
  const bytes = readFileSync(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 4;
  rmSync(path);
  writeFileSync(path, bytes);
  const told = w.varve('fsck');
  expect(told.status).toBe(1);
  expect(told.stdout).toMatch(/\.pack: object \w{12}: .*needs it/);
  expect(told.stdout).toMatch(/^hint: mv /m);
  const document = JSON.parse(w.varve('fsck', '--json').stdout) as CheckedRecord;
  expect(document).toMatchObject({ schema: 1, damaged: [{ place: path }] });
});

test('an index of a pack that is not whole is told once, not for every object', () => {
  const w = packed();
  const path = packFile(w, '.idx');
  const bytes = readFileSync(path);
  rmSync(path);
  writeFileSync(path, bytes.subarray(0, -30));
  const { status, stdout } = w.varve('fsck');
  expect(status).toBe(1);
  expect(stdout).toContain(`${path}: the checksum of the index is wrong; its pack is whole\n`);
  expect(stdout).toContain(': 1 damage found\n');
});

test('it needs no git, and a build directory without a build is whole', () => {
  const w = makeWorkspace({ env: { PATH: '/nonexistent' } });
  expect(w.varve('fsck')).toMatchObject({
    status: 0,
    stdout: '0 histories, 0 builds, 0 objects, 0 names, 0 notes, 0 artifacts: all whole\n',
  });
});
