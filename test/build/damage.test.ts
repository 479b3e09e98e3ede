import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const lib = plainRecipe({ do_install: 'mkdir -p ${D}/usr/share\necho genuine > ${D}/usr/share/lib' });
const app = plainRecipe(
  {
    do_compile: 'cat ${STAGING_DATADIR}/lib > got',
    do_install: 'mkdir -p ${D}/usr/share\ncp got ${D}/usr/share/app',
  },
  'DEPENDS = "lib"\nB = "${WORKDIR}/build"\n',
);

/** Both recipes built, and nothing left of it but the artifacts. */
function withArtifactsOnly(): Workspace {
  const w = makeWorkspace({ files: { 'recipes/lib_1.bb': lib, 'recipes/app_1.bb': app } });
  expect(w.varve('build', 'app').status).toBe(0);
  forget(w);
  return w;
}

function forget(w: Workspace): void {
  for (const dir of ['tmp', 'history']) rmSync(w.path(dir), { recursive: true, force: true });
}

/** Paths of the files below artifacts/ac or artifacts/cas, in order. */
function stored(w: Workspace, kind: 'ac' | 'cas'): readonly string[] {
  return readdirSync(w.path('artifacts', kind), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();
}

/** Builds both from nothing but the store, and tells how that ended, whether damage was said, and what they hold. */
function outputs(w: Workspace): readonly (string | number | boolean | null)[] {
  forget(w);
  const { status, said } = w.varve('build', 'app', 'lib');
  const held = ['app', 'lib'].map((recipe) => {
    const ref = w.git(recipe, 'for-each-ref', '--format=%(refname)', 'refs/artifacts').trim();
    return w.git(recipe, 'show', `${ref}:image/usr/share/${recipe}`);
  });
  return [status, /^warning: .* damaged/m.test(said), ...held];
}

const genuine = [0, true, 'genuine\n', 'genuine\n'];

const damages: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  flipped: (bytes) => {
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    return bytes;
  },
  'cut off': (bytes) => bytes.subarray(0, bytes.length - 7),
  emptied: () => Buffer.alloc(0),
};

test.each(Object.entries(damages))(
  'a store of which one file after the other is %s gives no wrong output, and it is said',
  { timeout: 300_000 },
  (_, damage) => {
    const w = withArtifactsOnly();
    const files = [...stored(w, 'ac'), ...stored(w, 'cas')];
    expect(files).toHaveLength(4);
    for (const file of files) {
      writeFileSync(file, damage(readFileSync(file)));
      expect([file, ...outputs(w)]).toEqual([file, ...genuine]);
    }
    expect(w.varve('artifact', 'verify').stdout).toBe('2 artifacts, all whole\n');
  },
);

test.each(['ac', 'cas'] as const)(
  'a store of which two files of %s changed places gives no wrong output',
  (kind) => {
    const w = withArtifactsOnly();
    const [one = '', two = ''] = stored(w, kind);
    const bytes = readFileSync(one);
    writeFileSync(one, readFileSync(two));
    writeFileSync(two, bytes);
    expect(outputs(w)).toEqual(genuine);
    expect(w.varve('artifact', 'verify').status).toBe(0);
  },
);

test('an archive that is gone is said, and made anew', () => {
  const w = withArtifactsOnly();
  for (const file of stored(w, 'cas')) rmSync(file);
  const built = w.varve('build', 'app');
  expect(built.status).toBe(0);
  expect(built.said).toMatch(
    /warning: lib: the artifact store's entry is damaged \(its archive \w{12} is missing\)/,
  );
  expect(w.varve('artifact', 'verify').stdout).toBe('2 artifacts, all whole\n');
});

test('verify finds what is damaged, names it, and the next build makes it anew', () => {
  const w = withArtifactsOnly();
  const file = stored(w, 'cas').find((path) => path.endsWith(entryOf(w, 'lib').archive.sha256)) ?? '';
  const bytes = readFileSync(file);
  writeFileSync(file, Buffer.alloc(bytes.length, 'x'));
  expect(w.varve('artifact', 'verify', 'app').status).toBe(0);
  const found = w.varve('artifact', 'verify', '--json');
  expect(found.status).toBe(1);
  expect(JSON.parse(found.stdout)).toMatchObject({ schema: 1, checked: 2, damaged: [{ recipe: 'lib' }] });
  for (const [command, said] of [
    [
      'artifact verify',
      'lib 1 has no archive here: the next build that needs it makes it anew\n1 artifact, all whole\n',
    ],
    ['fsck', '1 artifact in the store without an archive: a build that needs one makes it anew\n'],
  ] as const) {
    const ran = w.varve(...command.split(' '));
    expect([ran.status, ran.stdout]).toEqual([0, expect.stringContaining(said)]);
  }
  expect(w.counts('lib')).toMatchObject({ failed: 0 });
  expect(w.varve('artifact', 'verify').status).toBe(0);
});

test('verify takes an entry that says nothing out of the way, and then all is whole', () => {
  const w = makeWorkspace({ files: { 'recipes/lib_1.bb': lib } });
  w.counts('lib');
  const [entry = ''] = stored(w, 'ac');
  writeFileSync(entry, '{}');
  expect(w.varve('artifact', 'list')).toMatchObject({
    stdout: 'nothing in the store can be used\n',
    stderr: 'note: 1 entry not listed, being damaged: varve artifact verify\n',
  });
  expect(w.varve('fsck').status).toBe(1);
  const found = w.varve('artifact', 'verify');
  expect([found.status, found.stdout]).toEqual([
    1,
    expect.stringMatching(/^entry \w{64} is damaged: .*\n1 of 1 artifact damaged, and taken out of the way/),
  ]);
  expect(w.varve('artifact', 'verify')).toMatchObject({ status: 0, stdout: '0 artifacts, all whole\n' });
  expect(w.varve('artifact', 'list').stdout).toBe('the store is empty\n');
  expect(w.varve('fsck').status).toBe(0);
});

interface Entry {
  readonly recipe: string;
  readonly archive: { readonly sha256: string };
}

/** The entry of a recipe, by the listing. */
function entryOf(w: Workspace, recipe: string): Entry {
  const listed = JSON.parse(w.varve('artifact', 'list', '--json').stdout) as readonly Entry[];
  const found = listed.find((entry) => entry.recipe === recipe);
  if (found === undefined) throw new Error(`the store has no ${recipe}`);
  return found;
}

test('an exported artifact is imported elsewhere, and nothing runs there for want of it', () => {
  const from = makeWorkspace({ files: { 'recipes/lib_1.bb': lib } });
  const to = makeWorkspace({ files: { 'recipes/lib_1.bb': lib } });
  from.counts('lib');
  expect(from.varve('artifact', 'export', 'lib', to.path('lib.tar.gz')).status).toBe(0);
  expect(to.varve('artifact', 'import', 'lib.tar.gz').stdout).toBe('lib.tar.gz: lib 1 is in the store now\n');
  expect(to.varve('artifact', 'import', 'lib.tar.gz').stdout).toBe(
    'lib.tar.gz: lib 1 is in the store already\n',
  );
  expect(to.counts('lib')).toMatchObject({ run: 0, restore: 1 });
});

test('a damaged file is not imported, and one without its entry only where the store misses just that', () => {
  const w = makeWorkspace({ files: { 'recipes/lib_1.bb': lib } });
  w.counts('lib');
  w.varve('artifact', 'export', 'lib', 'lib.tar.gz');
  for (const file of stored(w, 'cas')) rmSync(file);
  rmSync(w.path('lib.tar.gz.json'));
  expect(w.varve('artifact', 'import', 'lib.tar.gz').stdout).toBe('lib.tar.gz: lib 1 is in the store now\n');
  writeFileSync(w.path('lib.tar.gz'), 'something else');
  const other = w.varve('artifact', 'import', 'lib.tar.gz');
  expect(other.status).toBe(2);
  expect(other.stderr).toContain('does not say what it was made from');
  expect(w.varve('artifact', 'export', 'lib', 'lib.tar.gz').stderr).toContain('something else is there');
  rmSync(w.path('lib.tar.gz'));
  expect(w.varve('artifact', 'export', 'lib', 'lib.tar.gz').status).toBe(0);
  for (const file of stored(w, 'cas')) rmSync(file);
  writeFileSync(w.path('lib.tar.gz'), 'something else');
  const damaged = w.varve('artifact', 'import', 'lib.tar.gz');
  expect(damaged.status).toBe(2);
  expect(damaged.stderr).toContain(
    'lib.tar.gz cannot be used: it does not have the SHA-256 that is promised of it',
  );
});

test('a WORKDIR that a history begun anew knows nothing of is no edit, and is kept whole', () => {
  const w = makeWorkspace({
    files: {
      'recipes/lib_1.bb': plainRecipe({
        do_compile: 'echo one > made',
        do_install: 'install -D made ${D}/made',
      }),
    },
  });
  expect(w.varve('build', 'lib').status).toBe(0);
  const gitDir = w.path('history/x86_64/lib.git');
  renameSync(gitDir, `${gitDir}.damaged`);
  w.write(
    'recipes/lib_1.bb',
    plainRecipe({ do_compile: 'echo two > made', do_install: 'install -D made ${D}/made' }),
  );
  const { said } = w.varve('build', 'lib');
  expect(said).toContain(
    'lib: its history does not know what the WORKDIR held; all of it is kept as lib:edited@1',
  );
  expect(said).not.toContain('patch -p1');
  const [, restore = ''] = /^hint: varve (restore .*) {3}puts it into a directory$/m.exec(said) ?? [];
  expect(w.varve(...restore.split(' ')).status).toBe(0);
  expect(readFileSync(w.path('DIR/image/made'), 'utf8')).toBe('one\n');
});
