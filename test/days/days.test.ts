import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  chmodSync,
  mkdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { mismatch, readTranscript } from './transcript.ts';

const places: string[] = [];
afterAll(() => places.forEach((place) => rmSync(place, { recursive: true, force: true })));

/** A directory with a copy of the quickstart layer in it, and `varve` on the PATH. */
function emptyDay(): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } {
  const top = mkdtempSync(join(tmpdir(), 'varve-day-'));
  places.push(top);
  const cwd = join(top, 'work');
  mkdirSync(join(top, 'bin'));
  cpSync('fixtures/quickstart/meta-quickstart', join(cwd, 'meta-quickstart'), { recursive: true });
  writeFileSync(
    join(top, 'bin/varve'),
    `#!/bin/sh\nexec "${process.execPath}" "${resolve('dist/bin/varve.js')}" "$@"\n`,
  );
  chmodSync(join(top, 'bin/varve'), 0o755);
  return { cwd, env: { PATH: `${join(top, 'bin')}:${process.env['PATH']}`, HOME: top, LC_ALL: 'C.UTF-8' } };
}

const days = ['README.md', ...readdirSync('docs/days').map((name) => `docs/days/${name}`)];

/** What a day needs beyond what every build does. */
const needs: Readonly<Record<string, readonly string[]>> = {
  'docs/days/a-regression-in-an-image.md': ['git'],
  'docs/days/build-for-another-machine.md': ['aarch64-linux-gnu-gcc', 'qemu-aarch64'],
  'docs/days/a-feed-for-a-board.md': ['aarch64-linux-gnu-gcc', 'dpkg-deb', 'fakeroot', 'cpio', 'jq'],
  'docs/days/a-poisoned-cache.md': ['ssh-keygen', 'jq'],
};

for (const name of days.filter((each) => each !== 'docs/days/README.md')) {
  testWith({ programs: needs[name] ?? [] })(`${name} happens as it is told`, { timeout: 600_000 }, () =>
    happens(name),
  );
}

function happens(name: string): void {
  const day = emptyDay();
  let { cwd } = day;
  for (const { line, command, expected, exit } of readTranscript(readFileSync(name, 'utf8'))) {
    const at = `${name}:${line}`;
    const moved = /^cd (\S+)$/.exec(command)?.[1];
    if (moved !== undefined) {
      cwd = join(cwd, moved);
      continue;
    }
    const options = { cwd, env: day.env, encoding: 'utf8' } as const;
    const { stdout, status } = spawnSync('bash', ['-c', `exec 2>&1; ${command}`], options);
    expect({ at, said: mismatch(expected, stdout), exit: status }).toEqual({ at, said: undefined, exit });
  }
}
