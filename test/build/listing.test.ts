import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const app = plainRecipe({ do_install: 'mkdir -p ${D}/etc' });

test('recipes lists those that can be read, then each of the others with its error, and ends with 2', () => {
  const w = makeWorkspace({
    files: { 'recipes/app_1.bb': app, 'recipes/bad_2.bb': 'SUMMARY = "fine"\nthis is not BitBake\n' },
  });
  const ran = w.varve('recipes');
  expect(ran.status).toBe(2);
  expect(ran.stdout).toMatch(/^app +1 +test +.*app_1\.bb\nbad +2 +test +.*bad_2\.bb +cannot be read: .+\n$/);
  expect(ran.stderr).toMatch(/^error: .*bad_2\.bb:2.*\n.*this is not BitBake/m);
  expect(ran.stderr).toContain(
    'hint: in conf/local.conf this leaves them out: BBMASK += "/recipes/bad_2.bb"',
  );

  const { status, stdout } = w.varve('recipes', '--json');
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toEqual([
    { name: 'app', version: '1', layer: 'test', file: join(w.layer, 'recipes/app_1.bb') },
    {
      name: 'bad',
      version: '2',
      layer: 'test',
      file: join(w.layer, 'recipes/bad_2.bb'),
      error: expect.objectContaining({ file: join(w.layer, 'recipes/bad_2.bb'), line: 2 }),
    },
  ]);
});

test('recipes tells an error that many recipes have once, and the BBMASK that it gives leaves them out', () => {
  const names = ['a', 'b', 'c+', 'd'];
  const broken = names.map((name) => [`recipes/${name}_1.bb`, 'inherit nonsuch\n'] as const);
  const w = makeWorkspace({
    files: { ...Object.fromEntries(broken), 'recipes/app_1.bb': app, 'recipes/e_1.bb': 'inherit other\n' },
  });
  const { stderr } = w.varve('recipes');
  const errors = stderr.split('\n').filter((line) => /^error|^  the same/.test(line));
  expect(errors).toEqual([
    expect.stringContaining('a_1.bb:1:9: there is no class nonsuch'),
    '  the same in b, c+, d',
    expect.stringContaining('e_1.bb:1:9: there is no class other'),
  ]);
  const lead = 'leaves them out:\n';
  const mask = stderr.slice(stderr.indexOf(lead) + lead.length);
  appendFileSync(w.path('conf/local.conf'), mask);
  const masked = w.varve('recipes');
  expect(masked.stdout).toMatch(/^app .*\n$/);
  expect(masked.status).toBe(0);
});

test('layers tells where each is, at which commit, what it needs, and what it lays over others', () => {
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': app, 'recipes/lib_1.bb': app } });
  const top = join(w.top, 'top');
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  };
  put(
    'conf/layer.conf',
    `BBPATH .= ":\${LAYERDIR}"
BBFILES += "\${LAYERDIR}/recipes/*.bb \${LAYERDIR}/recipes/*.bbappend"
BBFILE_COLLECTIONS += "top"
BBFILE_PATTERN_top = "^\${LAYERDIR}/"
BBFILE_PRIORITY_top = "9"
LAYERVERSION_top = "2"
LAYERDEPENDS_top = "test"
`,
  );
  put('recipes/app_2.bb', app);
  put('recipes/lib_%.bbappend', '');
  put('classes/cmake.bbclass', '');
  const git = (...args: string[]): string =>
    spawnSync('git', ['-C', top, '-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { encoding: 'utf8' })
      .stdout;
  git('init', '-q', '-b', 'topic');
  git('add', '.');
  git('commit', '-qm', 'x');
  const revision = git('rev-parse', 'HEAD').trim();
  writeFileSync(w.path('conf/bblayers.conf'), `BBLAYERS = "${w.layer} ${top}"\n`);

  const ran = w.varve('layers');
  expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
  expect(ran.stdout.split('\n').map((line) => line.replaceAll(/ +/g, ' ').replaceAll(w.top, 'W'))).toEqual([
    'test priority 5 2 recipes W/layer',
    `top priority 9 1 recipe W/top topic ${revision.slice(0, 12)} needs test`,
    'top: recipe app, W/top/recipes/app_2.bb, comes before W/layer/recipes/app_1.bb',
    expect.stringMatching(
      /^top: class cmake, W\/top\/classes\/cmake.bbclass, comes before .*\/meta\/classes\/cmake.bbclass$/,
    ),
    'top: W/top/recipes/lib_%.bbappend adds to W/layer/recipes/lib_1.bb',
    '',
  ]);
  expect(JSON.parse(w.varve('layers', '--json').stdout)).toMatchObject([
    { name: 'test', path: w.layer, priority: 5, depends: [], recipes: 2, overrides: [], appends: [] },
    {
      name: 'top',
      version: '2',
      depends: ['test'],
      git: { branch: 'topic', revision, dirty: false },
      overrides: [
        { kind: 'recipe', name: 'app' },
        { kind: 'class', name: 'cmake' },
      ],
    },
  ]);
});

test('graph shows recipes, or tasks, and what needs what; nothing is built', () => {
  const w = makeWorkspace({
    files: { 'recipes/app_1.bb': `${app}\nDEPENDS = "lib"\n`, 'recipes/lib_1.bb': app },
  });
  expect(w.varve('graph', 'app').stdout).toBe('app\n  lib\n');
  expect(JSON.parse(w.varve('graph', 'app', '--json').stdout)).toEqual({
    schema: 1,
    between: 'recipes',
    targets: ['app'],
    nodes: ['app', 'lib'],
    edges: [{ from: 'app', to: 'lib' }],
  });
  const dot = w.varve('graph', 'app:configure', '--tasks', '--format', 'dot').stdout;
  expect(dot).toContain('  "app:do_prepare_recipe_sysroot" -> "lib:do_populate_sysroot";\n');
  expect(dot).not.toContain('app:do_compile');
  expect([w.exists('history'), w.exists('tmp')]).toEqual([false, false]);
});

test('graph of an unknown recipe asks what was meant', () => {
  const ran = makeWorkspace({ files: { 'recipes/app_1.bb': app } }).varve('graph', 'apq');
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain('did you mean "app"?');
});

test('env writes a recipe, or the configuration, so that a shell can read it, functions included', () => {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': `${app}
NASTY = "a \`exit 3\` $(exit 4) \\ 'b' $HOME"
do_empty() {
}
pkg_postinst:\${PN}() {
    echo installed
}
python do_check() {
    bb.note("it's fine")
}
`,
    },
  });
  for (const words of [['env', 'app'], ['env', 'app', '-v'], ['env']]) {
    const { status, stdout } = w.varve(...words);
    expect(status).toBe(0);
    expect(spawnSync('sh', ['-n'], { input: stdout, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  }
  const asked = `${w.varve('env', 'app').stdout}\nprintf '%s|%s' "$PN" "$NASTY"\n`;
  const { stdout } = spawnSync('sh', ['-s'], { input: asked, encoding: 'utf8' });
  expect(stdout).toBe("app|a `exit 3` $(exit 4) \\ 'b' $HOME");
});

test('env of one variable tells file, line and operation of each statement, and the overrides in force', () => {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': `${app}\nWHAT = "a"\nWHAT:append = " b"\nWHAT:pn-app = "c"\nWHAT:off = "d"\n`,
    },
  });
  const { value, history, overrides } = JSON.parse(w.varve('env', 'app', 'WHAT', '--json').stdout) as {
    readonly value: string;
    readonly history: readonly { readonly file: string; readonly line: number; readonly operation: string }[];
    readonly overrides: readonly string[];
  };
  expect(value).toBe('c b');
  expect(history.map(({ operation }) => operation)).toEqual(['set', ':append', 'override[pn-app]:set']);
  expect(new Set(history.map(({ file }) => file))).toEqual(new Set([join(w.layer, 'recipes/app_1.bb')]));
  expect(overrides).toContain('pn-app');
});

test('a task that fails with what it left when it went well is told apart from that', () => {
  const w = makeWorkspace({
    files: { 'recipes/flaky.bb': plainRecipe({ do_compile: 'test ! -e ${TOPDIR}/flag' }) },
  });
  expect(w.varve('build', 'flaky').status).toBe(0);
  w.write('../build/flag', '');
  expect(w.varve('build', '-f', '-c', 'compile', 'flaky').status).toBe(1);
  expect(w.varve('log', 'flaky').stdout).not.toContain('failed');
  expect(w.varve('show', 'flaky:compile').stdout).not.toContain('exit status');
  expect(w.varve('show', 'flaky:compile@failed').stdout).toContain('exit status  1');
});
