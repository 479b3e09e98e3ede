/** Defects planted in many builds, and found with the real program. */
import { rmSync } from 'node:fs';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const minutes = { timeout: 600_000 };
const good = 1;
const firstBad = 38;
const failing = [3, 9, 17, 18, 24, 30, 37, 39, 50, 63];
const without = [5, 6, 20, 40, 41];

/** The program as it was in a build: its answer is 42 until the defect. */
function app(build: number): string {
  const answer = build < firstBad ? 42 : 41;
  const source = `int main(void) { return 42 - ${answer} + 0 * ${build}; /* ${build} */ }`;
  const compile = failing.includes(build) ? 'false' : `echo '${source}' > app.c\ngcc -g -o app app.c`;
  return plainRecipe(
    { do_compile: compile.replaceAll('\\\n', '\n'), do_install: 'install -D app ${D}/usr/bin/app' },
    'B = "${WORKDIR}/b"\n',
  );
}

/** 64 builds, ten of which fail, and five of which are of something else while there is no such recipe. */
function sixtyFourBuilds(): Workspace {
  const w = makeWorkspace({
    files: { 'recipes/other_1.bb': plainRecipe({}) },
    local: 'HISTORY_GC_BUILDS = "0"\n',
  });
  for (let build = 1; build <= 64; build += 1) {
    const isWithout = without.includes(build);
    if (isWithout) rmSync(`${w.layer}/recipes/app_1.bb`, { force: true });
    else w.write('recipes/app_1.bb', app(build));
    expect(w.varve('build', '-q', isWithout ? 'other' : 'app').status).toBe(failing.includes(build) ? 1 : 0);
  }
  for (const place of ['artifacts', 'tmp']) rmSync(w.path(place), { recursive: true });
  return w;
}

testWith({ programs: ['gcc'] })(
  'a defect is found among 64 builds in eight runs of the command, and only once, though it was killed',
  minutes,
  () => {
    const w = sixtyFourBuilds();
    const runs = (): number => (w.exists('runs') ? w.read('runs').length : 0);
    const bisect = (check: string) =>
      w.varve('bisect', 'app', '--good', `@${good}`, '--bad', '@64', '--json', '--', 'sh', '-c', check);
    const count = w.path('runs');
    const killed = `test $(wc -c < ${count}) = 3 && kill -9 $PPID`;
    const check = `printf . >> ${count}; ${killed}; ./usr/bin/app`;
    expect(bisect(check).status).toBe(null);
    expect(runs()).toBe(3);
    const found = JSON.parse(bisect(check).stdout) as { readonly predicateRuns: number };
    expect(found).toMatchObject({ over: 'builds', firstBad: { build: firstBad }, tasksRun: 0 });
    expect(found).toMatchObject({ unjudged: [], lastGood: { build: 36 } });
    // Two answers were kept; the third run was for nothing.
    expect(2 + found.predicateRuns).toBeLessThanOrEqual(8);
    expect(runs()).toBe(3 + found.predicateRuns);
    expect(JSON.parse(bisect(check).stdout)).toEqual({ ...found, predicateRuns: 0 });
    expect(runs()).toBe(3 + found.predicateRuns);
    expect([w.exists('artifacts'), w.exists('tmp/work')]).toEqual([false, false]);
  },
);
