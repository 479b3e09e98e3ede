import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { TaskRequest } from '../../lib/ports/task-runner.ts';
import { findHands } from '../../lib/world/hands-child.ts';
import { createLocalTaskRunner } from '../../lib/world/local-task-runner.ts';

const path = process.env['PATH'] ?? '';
const hands = findHands(path);
const handed = { path, hands };
const walled = createLocalTaskRunner(handed);
const plain = createLocalTaskRunner({ ...handed, plain: true });
const runners = [
  { name: 'plain', runner: plain },
  { name: 'plain, without hands', runner: createLocalTaskRunner({ path, plain: true }) },
  ...(walled.kind === 'namespaces'
    ? [
        { name: 'namespaces', runner: walled },
        { name: 'namespaces, without hands', runner: createLocalTaskRunner({ path }) },
      ]
    : []),
];
const made: string[] = [];

afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A build directory below /tmp with one WORKDIR in it. */
function buildDirectory(): { readonly top: string; readonly workdir: string; readonly log: string } {
  const top = mkdtempSync(join(tmpdir(), 'varve runner '));
  made.push(top);
  const workdir = join(top, 'tmp', 'work', 'zlib');
  mkdirSync(join(workdir, 'temp'), { recursive: true });
  return { top, workdir, log: join(workdir, 'temp', 'log') };
}

/** The request of a task whose whole text is `script`. */
function shell(script: string, at: ReturnType<typeof buildDirectory>): TaskRequest {
  return {
    workdir: at.workdir,
    cwd: at.workdir,
    command: ['/bin/sh', '-e', '-c', script],
    env: { PATH: '/usr/bin:/bin' },
    log: at.log,
    writable: [],
    readOnly: [at.top],
    network: false,
    umask: 0o22,
    signal: new AbortController().signal,
  };
}

describe.each(runners)('$name', ({ runner }) => {
  test('a task sees its environment and nothing else, its umask, and no input', async () => {
    const at = buildDirectory();
    const request = {
      ...shell('/usr/bin/env; umask; cat; pwd', at),
      env: { PATH: '/usr/bin:/bin', A: 'b c' },
      umask: 0o27,
    };
    expect(await runner.run(request)).toEqual({ exitCode: 0, signal: null });
    const lines = readFileSync(at.log, 'utf8').trim().split('\n');
    // PWD is the shell's own doing.
    const known = lines.filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line));
    expect(known.toSorted()).toEqual(['A=b c', 'PATH=/usr/bin:/bin', '0027', at.workdir].toSorted());
  });

  test('its output and errors are appended to the log in order, its exit status is told', async () => {
    const at = buildDirectory();
    writeFileSync(at.log, 'earlier\n');
    expect(await runner.run(shell('echo one; echo two >&2; echo three; exit 3', at))).toEqual({
      exitCode: 3,
      signal: null,
    });
    expect(readFileSync(at.log, 'utf8')).toBe('earlier\none\ntwo\nthree\n');
  });

  test('a task that kills itself is told by its signal', async () => {
    expect((await runner.run(shell('kill -KILL $$', buildDirectory()))).signal).toBe('SIGKILL');
  });

  test('a directory or program that is not there ends the task, and its log says so', async () => {
    const at = buildDirectory();
    expect((await runner.run({ ...shell(':', at), cwd: join(at.workdir, 'gone') })).exitCode).toBe(125);
    expect((await runner.run({ ...shell(':', at), command: ['/nowhere/sh'] })).exitCode).toBe(127);
    expect(readFileSync(at.log, 'utf8')).toMatch(/gone.*\n.*\/nowhere\/sh/);
  });

  test('what a task leaves running is ended with it', async () => {
    const at = buildDirectory();
    await runner.run(shell('cp /bin/sleep left-behind; ./left-behind 300 & echo done', at));
    await until(
      () => !spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout.includes('./left-behind'),
    );
    expect(readFileSync(at.log, 'utf8')).toBe('done\n');
  });

  test('an abort ends the task and all its processes', async () => {
    const at = buildDirectory();
    const abort = new AbortController();
    const outcome = runner.run({
      ...shell('mkfifo gate; cat gate & echo ready > gate; cat < gate', at),
      signal: abort.signal,
    });
    await until(() => existsSync(join(at.workdir, 'gate')));
    abort.abort();
    expect((await outcome).signal).toBe('SIGKILL');
  });

  test('an abort as soon as it is begun ends it, too', async () => {
    const at = buildDirectory();
    for (let turn = 0; turn < 5; turn += 1) {
      const abort = new AbortController();
      const outcome = runner.run({ ...shell('sleep 600', at), signal: abort.signal });
      abort.abort();
      expect((await outcome).signal).toBe('SIGKILL');
    }
  });

  test('an abort before the start runs nothing', async () => {
    const at = buildDirectory();
    expect(await runner.run({ ...shell('echo ran', at), signal: AbortSignal.abort() })).toEqual({
      exitCode: null,
      signal: 'SIGKILL',
    });
    expect(existsSync(at.log)).toBe(false);
  });

  test('a hundred megabytes of output go to the log and not through varve', async () => {
    const at = buildDirectory();
    const before = process.memoryUsage().rss;
    await runner.run(shell('head -c 100000000 /dev/zero', at));
    expect(statSync(at.log).size).toBe(100_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
  });

  test('a line on descriptor 3 is answered on descriptor 4', async () => {
    const at = buildDirectory();
    const request = {
      ...shell(
        'echo "get PN" >&3; read answer <&4; echo "$answer"; echo "get PV" >&3; read answer <&4; echo "$answer"',
        at,
      ),
      answer: (asked: string) => `you said ${asked}`,
    };
    await runner.run(request);
    expect(readFileSync(at.log, 'utf8')).toBe('you said get PN\nyou said get PV\n');
  });
});

describe.skipIf(walled.kind === 'plain')('behind walls', () => {
  test('a task writes in its WORKDIR and in /tmp, not elsewhere in the build directory nor on the machine', async () => {
    const at = buildDirectory();
    const places = [at.workdir, tmpdir(), at.top, join(at.top, 'tmp', 'work'), '/', '/usr', '/var', '/etc'];
    const script = places
      .map(
        (place) =>
          `touch '${place}/varve-wall' 2> /dev/null || echo 'no ${place}'; rm -f '${place}/varve-wall'`,
      )
      .join('\n');
    await walled.run(shell(`set +e\n${script}\n`, at));
    const refused = readFileSync(at.log, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('no '));
    expect(refused).toEqual(places.slice(2).map((place) => `no ${place}`));
  });

  test('a further directory is writable where the request says so', async () => {
    const at = buildDirectory();
    const downloads = join(at.top, 'downloads');
    mkdirSync(downloads);
    const script = `echo 1 > ${q(downloads)}/new; ! echo 1 > ${q(at.top)}/new`;
    expect((await walled.run({ ...shell(script, at), writable: [downloads, '/nowhere'] })).exitCode).toBe(0);
    expect(readFileSync(join(downloads, 'new'), 'utf8')).toBe('1\n');
  });

  test('the refusal stands in the log', async () => {
    const at = buildDirectory();
    await walled.run(shell(`touch ${q(at.top)}/x`, at));
    expect(readFileSync(at.log, 'utf8')).toContain('Read-only file system');
  });

  test('by the first process beside it a task reaches nothing outside of its walls', async () => {
    const at = buildDirectory();
    const script =
      'for it in /proc/1/exe /proc/1/map_files/*; do test ! -w $it || echo $it; done; ls -l /proc/1/fd | grep varve-line';
    await walled.run(shell(`set +e\n[ -e /proc/2 ] || exit 0\n${script}\n`, at));
    expect(readFileSync(at.log, 'utf8')).toBe('');
  });

  test('a task cannot take its walls down', async () => {
    const at = buildDirectory();
    await walled.run(
      shell(`mount -o remount,bind,rw ${q(at.top)} || umount ${q(at.top)} || true; touch ${q(at.top)}/x`, at),
    );
    expect(existsSync(join(at.top, 'x'))).toBe(false);
  });

  test('the network is there only where the request says so', async () => {
    const at = buildDirectory();
    const interfaces = 'grep -c : /proc/net/dev || true';
    await walled.run(shell(interfaces, at));
    expect(readFileSync(at.log, 'utf8')).toBe('1\n');
    await walled.run({ ...shell(interfaces, at), network: true });
    const here = readFileSync('/proc/net/dev', 'utf8')
      .split('\n')
      .filter((line) => line.includes(':')).length;
    expect(readFileSync(at.log, 'utf8')).toBe(`1\n${here}\n`);
  });

  test('files are those of the user who builds', async () => {
    const at = buildDirectory();
    await walled.run(shell('id -u > uid; stat -c %u uid >> uid', at));
    const uid = process.getuid?.() ?? -1;
    expect(readFileSync(join(at.workdir, 'uid'), 'utf8')).toBe(`${uid}\n${uid}\n`);
  });
});

test('tasks whose starter is killed are told as not run to their end, and end', async () => {
  const at = buildDirectory();
  const own = findHands(path);
  const outcome = createLocalTaskRunner({ path, plain: true, hands: own }).run(
    shell('cp /bin/sleep orphan; echo $$ > pid; ./orphan 300', at),
  );
  await until(() => existsSync(join(at.workdir, 'pid')));
  const starter = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'hands.py'], { encoding: 'utf8' });
  const newest = Math.max(...starter.stdout.trim().split('\n').map(Number));
  process.kill(newest, 'SIGKILL');
  expect(await outcome).toMatchObject({ exitCode: null, fault: expect.stringContaining('has ended') });
  await until(() => !spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout.includes('./orphan'));
});

function q(path: string): string {
  return `'${path}'`;
}

/** Looks every few milliseconds until something outside has happened. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setTimeout(resolve, 5));
}
