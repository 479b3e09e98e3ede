/** What a task is signed with is what it reads: local files, directories of them, and all that changes meanwhile. */
import { expect, test } from 'vitest';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { memoryBuild, type MemoryBuild } from '../support/memory-build.ts';

const recipe = (further: string): string => `LICENSE = "MIT"
S = "\${UNPACKDIR}"
${further}
do_compile() {
	:
}
do_install() {
	:
}
`;

/** Builds app while `file` becomes another as soon as `task` has begun; what failed. */
async function changing(
  m: MemoryBuild,
  { task, change }: { readonly task: string; readonly change: () => void },
): Promise<readonly (readonly [string, string | undefined])[]> {
  const meanwhile = (event: BuildEvent): void => {
    if (event.event === 'task-started' && event.task === task) change();
  };
  return (await m.build('app', {}, meanwhile)).flatMap((event) =>
    event.event === 'task-finished' && event.failure !== undefined
      ? [[event.task, event.failure.message] as const]
      : [],
  );
}

test.each([
  ['another content', (m: MemoryBuild) => m.write('recipes/files/src/a', 'two\n')],
  ['another file', (m: MemoryBuild) => m.write('recipes/files/src/b', 'new\n')],
  ['one file less', (m: MemoryBuild) => m.remove('recipes/files/src/a')],
])('a source that has %s by the time it is unpacked is not taken for what it was', async (_, change) => {
  const m = memoryBuild({
    files: {
      'recipes/app.bb': recipe('SRC_URI = "file://src"'),
      'recipes/files/src/a': 'one\n',
      'recipes/files/src/z': 'z\n',
    },
  });
  const failed = await changing(m, { task: 'app:do_unpack', change: () => change(m) });
  expect(failed.map(([task]) => task)).toEqual(['app:do_unpack']);
  expect(failed[0]?.[1]).toMatch(
    /^\/work\/layer\/recipes\/files\/src\/[ab] was changed while this build ran, and do_unpack may have read either content$/,
  );
  expect(await m.ran('app')).toContain('app:do_install');
  m.remove('recipes/files/src/z');
  expect(await m.ran('app')).toContain('app:do_unpack');
});

test('a source that is gone by the time it is unpacked is told as such', async () => {
  const m = memoryBuild({
    files: { 'recipes/app.bb': recipe('SRC_URI = "file://src"'), 'recipes/files/src': 'one\n' },
  });
  const failed = await changing(m, {
    task: 'app:do_unpack',
    change: () => m.remove('recipes/files/src'),
  });
  expect(failed).toEqual([['app:do_unpack', expect.stringContaining('there is no file for "file://src"')]]);
});

test('of [file-checksums] a directory counts file by file, and a pattern as what it matches', async () => {
  const m = memoryBuild({
    files: {
      'recipes/app.bb': recipe(
        'do_compile[file-checksums] = "${THISDIR}/scripts:True ${THISDIR}/*.sh:True ${THISDIR}/none:False"',
      ),
      'recipes/scripts/sub/gen': 'one\n',
      'recipes/one.sh': 'one\n',
      'recipes/scripts/.git/index': 'one\n',
    },
  });
  await m.build('app');
  expect(await m.ran('app')).toEqual([]);
  for (const path of ['scripts/sub/gen', 'scripts/sub/more', 'one.sh', 'two.sh', 'none']) {
    m.write(`recipes/${path}`, 'two\n');
    expect([path, (await m.ran('app'))[0]]).toEqual([path, 'app:do_compile']);
  }
  m.write('recipes/scripts/.git/index', 'two\n');
  expect(await m.ran('app')).toEqual([]);
  const change = (): void => m.write('recipes/one.sh', 'three\n');
  m.write('recipes/two.sh', 'three\n');
  expect(await changing(m, { task: 'app:do_compile', change })).toEqual([
    ['app:do_compile', expect.stringContaining('/recipes/one.sh was changed while this build ran')],
  ]);
});

test('a module of a layer that is changed before Python reads it is not taken for what it was', async () => {
  const text = `def word(d):
    return bb.utils.contains("FEATURES", "a", "one", "two", d)
`;
  const m = memoryBuild({
    files: {
      'recipes/app.bb': recipe('do_compile[vardeps] += "toolkit.text.word"'),
      'lib/toolkit/__init__.py': 'BBIMPORTS = ["text"]\n',
      'lib/toolkit/text.py': text,
    },
    local: 'addpylib /work/layer/lib toolkit\n',
  });
  const change = (): void => m.write('lib/toolkit/text.py', text.replace('two', 'three'));
  expect(await changing(m, { task: 'app:do_compile', change })).toEqual([
    ['app:do_compile', expect.stringContaining('/lib/toolkit/text.py was changed while this build ran')],
  ]);
  expect(await m.ran('app')).toContain('app:do_install');
});
