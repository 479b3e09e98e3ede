import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const test = testWith({ programs: ['python3'] });

interface Told {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** What a build tells of metadata that is not the same each time, but for where it stands. */
function unsteadyIn(w: Workspace, ...args: string[]): readonly Told[] {
  const { stdout } = w.varve('build', '--json', ...args);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
  return events.filter(({ event }) => event === 'unsteady');
}

/** A recipe whose do_compile writes STAMP. */
function stamped(stamp: string, further = ''): Workspace {
  const tasks = { do_compile: 'echo "${STAMP}" > stamp', do_install: 'install -D stamp ${D}/stamp' };
  return makeWorkspace({ files: { 'recipes/app_1.0.bb': plainRecipe(tasks, `${stamp}\n${further}`) } });
}

test('an assignment that takes the time is told with its place, both values and what to do', () => {
  const w = stamped('STAMP := "${@int(time.time() // 86400)}"');
  const { status, stderr } = w.varve('build', 'app');
  expect(status).toBe(0);
  expect(stderr.replaceAll(w.layer, 'LAYER').replaceAll(/"\d{5}"/g, '"DAY"')).toBe(
    `warning: app:do_compile: STAMP is not the same each time, so it runs again and again: "DAY" → "DAY" (LAYER/recipes/app_1.0.bb:4)
hint: make it of what does not change: SOURCE_DATE_EPOCH instead of the time, sorted() for what has no order
hint: where it does not matter, in the recipe: do_compile[vardepsexclude] += "STAMP"
`,
  );
});

test('a date alone is found on the day itself, and a build that has nothing to do tells nothing', () => {
  const w = stamped('STAMP := "${@__import__(\'datetime\').date.today()}"');
  const [told, ...others] = unsteadyIn(w, 'app');
  expect(others).toEqual([]);
  expect(told).toMatchObject({
    task: 'app:do_compile',
    tasks: 1,
    kind: 'variable',
    name: 'STAMP',
    signed: true,
  });
  const today = new Date().toISOString().slice(0, 4);
  expect(told?.['values']).toEqual([expect.stringContaining(today), expect.not.stringContaining(today)]);
  expect(told?.['at']).toBe(`${w.layer}/recipes/app_1.0.bb:4`);
  expect(unsteadyIn(w, 'app')).toEqual([]);
});

test('what is worked out anew for each task is told too, though its signature stays', () => {
  const w = stamped('STAMP = "${@os.urandom(8).hex()}"');
  const [told, ...others] = unsteadyIn(w, 'app');
  expect(others).toEqual([]);
  expect(told).toMatchObject({ task: 'app:do_compile', name: 'STAMP', signed: false });
  expect(w.counts('app')).toMatchObject({ run: 0 });
});

test('what an anonymous function or a function of the recipe makes is told', () => {
  const further = `
def lot():
    import random
    return str(random.SystemRandom().getrandbits(64))

python () {
    d.setVar('NUMBER', lot())
}
`;
  const w = stamped('STAMP = "${NUMBER}"', further);
  expect(unsteadyIn(w, 'app')).toMatchObject([{ name: 'NUMBER', signed: true, task: 'app:do_compile' }]);
});

test('what the configuration makes is told once for all recipes that have it', () => {
  const recipe = plainRecipe({ do_compile: 'echo ${NUMBER}', do_install: ':' });
  const w = makeWorkspace({
    files: { 'recipes/app_1.0.bb': recipe, 'recipes/lib_1.0.bb': recipe },
    local: 'NUMBER := "${@os.urandom(8).hex()}"\n',
  });
  const told = unsteadyIn(w, 'app', 'lib');
  expect(told).toMatchObject([{ name: 'NUMBER', tasks: 2, at: w.path('conf/local.conf:1') }]);
});

test('what is said not to matter is not told, nor what is the same each time', () => {
  const w = stamped(
    `NOW = "\${@time.time()}"
STAMP = "\${@d.getVar('NOW').upper()} \${@'-'.join(sorted(set('abc')))} \${@os.uname().sysname}"
STAMP[vardepsexclude] += "NOW"`,
  );
  expect(unsteadyIn(w, 'app')).toEqual([]);
});

test('metadata that is written while the build goes on is not told', () => {
  const further = `
require further.inc
python () {
    with open(d.getVar('FILE_DIRNAME') + '/further.inc', 'a') as file:
        file.write('# as somebody may do at any time\\n')
}
FILE_DIRNAME := "\${@os.path.dirname(d.getVar('FILE'))}"
`;
  const w = stamped('STAMP := "${@os.urandom(8).hex()}"', further);
  w.write('recipes/further.inc', '');
  const { status, stderr } = w.varve('build', 'app');
  expect([status, stderr]).toEqual([0, '']);
});
