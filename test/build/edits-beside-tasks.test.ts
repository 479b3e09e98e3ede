/** What tasks changed in sources is no part of the patches that edits of the same files become. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const lines = ['PREFIX = /usr', '', 'all:', '\techo hi', '', 'clean:', '\ttrue', '', 'end:'];
const text = `${lines.join('\n')}\n`;

function workspace(): Workspace {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': plainRecipe(
        {
          do_configure:
            'sed -i "s,^PREFIX.*,PREFIX = ${WORKDIR}," Makefile && echo "# configured" >> Makefile',
          do_install: 'install -D Makefile ${D}${datadir}/Makefile',
        },
        'SRC_URI = "file://src"\nS = "${UNPACKDIR}/src"\n',
      ),
      'recipes/app/src/Makefile': text,
    },
    env: { GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@example.org' },
  });
  expect(w.varve('build', 'app').status).toBe(0);
  return w;
}

const workdirOf = (w: Workspace): string =>
  w.path('tmp/work', readdirSync(w.path('tmp/work'))[0] ?? '', 'app');
const makefile = (w: Workspace): string => join(workdirOf(w), 'sources/src/Makefile');

function type(w: Workspace, from: string, to: string): void {
  writeFileSync(makefile(w), readFileSync(makefile(w), 'utf8').replace(from, to));
}

const changed = (patch: string): readonly string[] => patch.match(/^[-+](?![-+]).*$/gm) ?? [];

test('a patch has what was typed, and nothing of what a task had made of the file', () => {
  const w = workspace();
  type(w, 'echo hi', 'echo hello');
  expect(w.varve('edit', 'finish', 'app', '--also', 'sources/src/Makefile').status).toBe(0);
  const patch = readFileSync(join(w.layer, 'recipes/app/0001-app-change-Makefile.patch'), 'utf8');
  expect(changed(patch)).toEqual(['-\techo hi', '+\techo hello']);
  expect(w.varve('build', 'app').status).toBe(0);
  expect(readFileSync(makefile(w), 'utf8').match(/# configured/g)).toHaveLength(1);
});

test('commits of one’s own become patches without it too, each of what it changed', () => {
  const w = workspace();
  for (const [from, to] of [
    ['echo hi', 'echo hello'],
    ['true', 'false'],
  ] as const) {
    type(w, from, to);
    const identity = ['-c', 'user.name=Bob', '-c', 'user.email=bob@example.org'];
    execFileSync('git', [...identity, 'commit', '-qam', to], { cwd: workdirOf(w) });
  }
  expect(w.varve('edit', 'finish', 'app').status).toBe(0);
  const patches = ['0001-echo-hello.patch', '0002-false.patch'].map((name) =>
    changed(readFileSync(join(w.layer, 'recipes/app', name), 'utf8')),
  );
  expect(patches).toEqual([
    ['-\techo hi', '+\techo hello'],
    ['-\ttrue', '+\tfalse'],
  ]);
  expect(w.varve('build', 'app').status).toBe(0);
});

test('of a line that a task had changed no patch is made, and the edits stay', () => {
  const w = workspace();
  type(w, 'PREFIX = ', 'prefix = ');
  const refused = w.varve('edit', 'finish', 'app', '--also', 'sources/src/Makefile');
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('in lines that a task had changed before');
  expect(existsSync(join(w.layer, 'recipes/app/0001-app-change-Makefile.patch'))).toBe(false);
  expect(readFileSync(makefile(w), 'utf8')).toContain('prefix = /');
});
