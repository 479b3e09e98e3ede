import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

/** Its do_compile ends once there is a file `go`. */
const slow = {
  'recipes/app_1.0.bb': plainRecipe(
    {
      do_compile:
        'echo half > ${WORKDIR}/mark\n[ -e ${TOPDIR}/go ] || sleep 6061\ncat ${UNPACKDIR}/text > out',
      do_install: 'install -D out ${D}/usr/share/app',
    },
    'SRC_URI = "file://text"\nB = "${WORKDIR}/build"\n',
  ),
  'recipes/app/text': 'as the layer has it\n',
};

function untilItRuns(w: Workspace): void {
  while (!existsSync(w.path('tmp/work/x86_64/app/mark'))) spawnSync('sleep', ['0.05']);
}

/** What is left where somebody edits S while do_compile runs, and then types Ctrl-C. */
async function interrupted(): Promise<{ readonly w: Workspace; readonly said: string }> {
  const w = makeWorkspace({ files: slow });
  const child = w.start('build', 'app');
  let said = '';
  child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
  const ended = new Promise<number | null>((done) => child.on('close', done));
  untilItRuns(w);
  writeFileSync(w.path('tmp/work/x86_64/app/sources/text'), 'typed while it ran\n');
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  return { w, said };
}

test('Ctrl-C stops the task, exits 130, loses no edit, and the next build goes on', async () => {
  const { w, said } = await interrupted();
  expect(spawnSync('pgrep', ['-f', 'sleep 6061']).stdout.toString()).toBe('');
  expect(said).toMatch(
    /^note: interrupted: what runs is ended, and what it left is recorded\napp:do_compile /m,
  );
  expect(said).toMatch(/^app:do_compile {2}interrupted after .*\n {2}log {5}\S+\n/m);
  expect(said).toMatch(/^build 1 interrupted: 1 interrupted, /m);
  expect(said.replace('varve shell app:do_compile@failed', '')).not.toContain('failed');
  expect(w.varve('builds').stdout).toMatch(/^1 .* interrupted +app +1 interrupted, /);
  expect(w.varve('show', '@1').stdout).toContain('build 1: interrupted, ');
  expect(w.varve('show', 'app:compile@failed').stdout).toMatch(/^app:do_compile@failed interrupted\n/);
  writeFileSync(w.path('go'), '');
  expect(w.varve('build', 'app').said).toContain('what was edited meanwhile, is kept as app:edited@1');
  const kept = w.git('app', 'log', '--all', '--format=%H', '-S', 'typed while it ran');
  expect(kept).not.toBe('');
});

test('Ctrl-C while a source is decompressed is no damage of it', () => {
  // As a terminal does it: who waits for the program and the program itself have the signal.
  const bin = mkdtempSync(join(tmpdir(), 'varve-bin-'));
  onTestFinished(() => rmSync(bin, { recursive: true }));
  const xz = '#!/bin/sh\nif mkdir "$0.was"; then kill -INT $PPID $$; sleep 9; fi\necho text\n';
  writeFileSync(join(bin, 'xz'), xz, { mode: 0o755 });
  const install = { do_install: 'install -D ${UNPACKDIR}/text ${D}/usr/share/app' };
  const w = makeWorkspace({
    files: {
      'recipes/app_1.0.bb': plainRecipe(install, 'SRC_URI = "file://text.xz"\n'),
      'recipes/app/text.xz': 'x',
    },
    env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` },
  });
  const stopped = w.varve('build', 'app');
  expect([stopped.status, stopped.said]).toEqual([
    130,
    expect.stringMatching(/^app:do_unpack {2}interrupted/m),
  ]);
  expect(stopped.said).not.toContain('decompressed');
  expect(w.varve('build', 'app').status).toBe(0);
});

test('clean says where it keeps what was edited while a task ran that was interrupted', async () => {
  const { w } = await interrupted();
  const refused = w.varve('clean', 'app', '--history');
  expect([refused.status, refused.stderr]).toEqual([
    2,
    expect.stringContaining(
      'sources were changed while app:do_compile ran, which would be lost with its history',
    ),
  ]);
  expect(w.varve('clean', 'app').stdout).toContain(
    'app:do_compile did not come to its end; the history keeps what it left, with what was edited meanwhile: ' +
      'varve restore app:edited@1 DIR\n',
  );
  expect(w.varve('cat', 'app:edited@1', 'sources/text').stdout).toBe('typed while it ran\n');
  expect(w.varve('clean', 'app', '--history').status).toBe(0);
});

test('kill -9 in a task after do_install: its directory is not taken for edits', async () => {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.0.bb': plainRecipe(
        {
          do_install: 'install -D /dev/null ${D}/usr/share/app',
          do_pack: '[ -e ${TOPDIR}/go ] || sleep 6062',
        },
        'addtask pack after do_install before do_build\n',
      ),
    },
  });
  const child = w.start('build', 'app');
  const ended = new Promise((done) => child.on('exit', done));
  while (spawnSync('pgrep', ['-f', 'sleep 6062']).status !== 0) spawnSync('sleep', ['0.05']);
  child.kill('SIGKILL');
  await ended;
  writeFileSync(w.path('go'), '');
  expect(w.varve('build', '-f', '-c', 'install', 'app').said).not.toContain('edits');
  expect(w.git('app', 'tag', '-l', 'edited@*')).toBe('');
});

test('kill -9 in the middle of a task: what it left is kept as its failure, and the next build goes on', async () => {
  const w = makeWorkspace({ files: slow });
  const child = w.start('build', 'app');
  const ended = new Promise((done) => child.on('exit', done));
  untilItRuns(w);
  child.kill('SIGKILL');
  await ended;
  writeFileSync(w.path('go'), '');
  expect(w.varve('build', 'app').status).toBe(0);
  expect(w.git('app', 'show', 'do_compile@failed:mark')).toBe('half\n');
});
