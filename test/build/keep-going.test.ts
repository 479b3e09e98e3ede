import { expect, test } from 'vitest';
import { memoryBuild } from '../support/memory-build.ts';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const good = plainRecipe({ do_compile: 'echo > made', do_install: 'install -D made ${D}/usr/made' });
const files = {
  'recipes/good_1.bb': good,
  'recipes/bad_1.bb': `${good}\nthis is not BitBake\n`,
  'recipes/lost_1.bb': `${good}\nSRC_URI = "file://nowhere.c"\n`,
  'recipes/floating_1.bb': `${good}\nSRC_URI = "git://example.invalid/x;branch=main"\nSRCREV = "main"\n`,
  'recipes/user_1.bb': `${good}\nDEPENDS = "bad"\n`,
};

test('with -k what cannot be read or named is said, what needs it is left out, and the others are built', async () => {
  const b = memoryBuild({ files });
  const events = await b.build('', {
    targets: ['bad', 'good', 'lost', 'floating', 'user', 'nosuch'],
    keepGoing: true,
  });
  const errors = events.flatMap((event) =>
    event.event === 'message' && event.level === 'error' ? [event.text] : [],
  );
  expect(errors).toEqual([
    'bad cannot be built: /work/layer/recipes/bad_1.bb:13: this line is no statement of the BitBake language',
    'lost cannot be built: /work/layer/recipes/lost_1.bb:13: lost: there is no file for "file://nowhere.c"',
    'floating cannot be built: /work/layer/recipes/floating_1.bb:14: floating: SRCREV is "main", which is not a full commit id',
    'user cannot be built: /work/layer/recipes/bad_1.bb:13: this line is no statement of the BitBake language',
    'nosuch cannot be built: no recipe is called "nosuch" or provides it',
  ]);
  expect(events[0]).toMatchObject({ event: 'build-started', targets: ['good:do_build'] });
  expect(events.at(-1)).toMatchObject({ event: 'build-finished', ok: false, errors: 5 });
  expect(b.exists('/work/build/tmp/work/x86_64/good/image/usr/share/good')).toBe(true);
});

test('with -k and nothing left to build, and without -k, the error stops the build as ever', async () => {
  const b = memoryBuild({ files });
  await expect(b.build('bad', { keepGoing: true })).rejects.toThrow('no statement');
  await expect(b.build('', { targets: ['good', 'bad'] })).rejects.toThrow('no statement');
});

test('a -k build in which a recipe cannot be read ends as one in which a task failed', () => {
  const w = makeWorkspace({ files });
  const ran = w.varve('build', '-k', 'good', 'bad');
  expect(ran.status).toBe(1);
  expect(ran.stderr).toContain('error: bad cannot be built: ');
  expect(ran.stdout).toMatch(/^build 1 failed: \d+ ran, .* in .*, 1 error$/m);
  expect(w.varve('builds').stdout).toMatch(/failed/);
});
