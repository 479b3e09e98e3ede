/** One artifact store under several builds, of which some make another thing of the same inputs. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

/** Whoever builds it makes another artifact, once the file `go` is there. */
const dated = (go: string): string =>
  plainRecipe(
    {
      do_install: `while [ ! -e ${go} ]; do sleep 0.05; done
mkdir -p \${D}/usr/share
cat /proc/sys/kernel/random/uuid > \${D}/usr/share/date`,
    },
    'B = "${WORKDIR}/build"\n',
  );
const app = plainRecipe(
  { do_install: 'mkdir -p ${D}/usr/share\ncat ${STAGING_DATADIR}/date > ${D}/usr/share/app' },
  'DEPENDS = "dated"\n',
);

/** A build directory of its own that shares its layer and its store with others. */
function sharing(w: Workspace, name: string): readonly string[] {
  const dir = join(w.top, name);
  w.varve('init', dir, '--layer', w.layer);
  writeFileSync(join(dir, 'conf/local.conf'), `ARTIFACT_DIR = "${join(w.top, 'store')}"\n`);
  return ['-B', dir];
}

interface Told {
  readonly event: string;
  readonly task?: string;
  readonly text?: string;
  readonly signature?: string;
  readonly ok?: boolean;
}

/** Starts a build; `waiting` resolves when it installs, `ended` with all that it told. */
function begin(w: Workspace, at: readonly string[]) {
  const child = w.start(...at, 'build', '--json', 'app');
  const told: Told[] = [];
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const waiting = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      const event = JSON.parse(line) as Told;
      told.push(event);
      if (event.event === 'task-started' && event.task === 'dated:do_install') resolve();
    });
  });
  const ended = new Promise<readonly Told[]>((resolve) => {
    lines.on('close', () => resolve(told));
  });
  return { waiting, ended };
}

test('several builds at once may use one store: the first result of the same inputs counts for all, and the others say so', async () => {
  const w = makeWorkspace();
  const go = join(w.top, 'go');
  w.write('recipes/dated_1.bb', dated(go));
  w.write('recipes/app_1.bb', app);
  const places = ['one', 'two', 'three'].map((name) => sharing(w, name));
  const builds = places.map((at) => begin(w, at));
  await Promise.all(builds.map(({ waiting }) => waiting));
  writeFileSync(go, '');
  const told = await Promise.all(builds.map(({ ended }) => ended));
  expect(told.map((events) => events.at(-1))).toMatchObject(places.map(() => ({ ok: true })));
  const warnings = told.flatMap((events) => events.flatMap(({ text }) => text ?? []));
  const difference =
    'dated is not reproducible: the same inputs gave another artifact than the stored one, which is used; first difference: usr/share/date';
  expect(warnings).toEqual([difference, difference]);
  const signatures = told.map(
    (events) =>
      events.find(({ task, signature }) => task === 'app:do_install' && signature !== undefined)?.signature,
  );
  expect(new Set(signatures).size).toBe(1);
  const contents = places.map((at) => w.varve(...at, 'cat', 'app', 'usr/share/app').stdout);
  expect(new Set(contents).size).toBe(1);
  expect(w.varve(...(places[0] ?? []), 'artifact', 'verify').stdout).toBe('2 artifacts, all whole\n');
  expect(readdirSync(join(w.top, 'store/aside'))).toEqual([]);
});

test('--no-cache makes all of it again and tells what came out otherwise; -f puts it in the place of what is stored', () => {
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': app } });
  w.write('recipes/dated_1.bb', dated(w.layer));
  const date = (): string => w.varve('cat', 'dated', 'usr/share/date').stdout;
  w.counts('app');
  const first = date();
  const again = w.varve('build', '--no-cache', 'app');
  expect(again.status).toBe(0);
  expect(again.said).toMatch(
    /warning: dated is not reproducible: the same inputs gave another .* first difference: usr\/share\/date/,
  );
  expect(again.said).toContain('dated:do_compile  ran');
  expect(date()).toBe(first);
  const rows = (...words: string[]): readonly string[] =>
    w.varve('log', ...words).stdout.match(/^do_install|build [12]$/gm) ?? [];
  const made = ['do_install', 'build 1'];
  expect(rows('dated', '--', 'usr/share/date')).toEqual(made);
  expect(rows('dated', '-S', first.trim())).toEqual(made);
  expect(w.varve('log', 'dated', '-S', first.trim()).stderr).toContain('varve log dated@2:install');
  expect(rows('dated:install', '-S', first.trim())).toEqual([]);
  expect(w.counts('app')).toMatchObject({ run: 0 });
  const forced = w.varve('build', '-f', '-c', 'install', 'dated');
  expect(forced.said).not.toContain('not reproducible');
  expect(date()).not.toBe(first);
  expect(w.counts('app')).toMatchObject({ run: 4 });
  expect(w.varve('cat', 'app', 'usr/share/app').stdout).toBe(date());
  // Another place, which has it from this one.
  const there = sharing(w, 'there');
  writeFileSync(join(w.top, 'there/conf/local.conf'), `ARTIFACT_MIRRORS = "file://${w.path('artifacts')}"\n`);
  expect(w.varve(...there, 'build', 'app').stdout).toContain('app:do_install  restored from file://');
  const anew = w.varve(...there, 'build', '--no-cache', 'app').said;
  expect(anew).toMatch(
    /warning: dated is not reproducible: the same inputs .* first difference: usr\/share\/date/,
  );
  expect(w.varve(...there, 'cat', 'app', 'usr/share/app').stdout).toBe(date());
});
