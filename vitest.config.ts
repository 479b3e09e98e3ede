import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes where everything is tried. */
const long =
  /-anywhere\.|\/(kill|real|board|days|large-files|collect-histories|idle-builds\.property)\.|\.differential\./;

/** Begins with the long ones, so that none of them is left to run alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** A PATH where python3 is the interpreter itself: with a version manager it is a slow script. */
function pathToPython(): string {
  const path = process.env['PATH'] ?? '';
  const asked = spawnSync('python3', ['-c', 'import sys; print(sys.executable, end="")'], {
    encoding: 'utf8',
  });
  if (asked.status !== 0) return path;
  const dir = resolve('node_modules/.cache/python');
  const link = join(dir, 'python3');
  // Left as it is where it is right: another run may be using it.
  if (!existsSync(link) || readlinkSync(link) !== asked.stdout) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    symlinkSync(asked.stdout, link);
  }
  return `${dir}${delimiter}${path}`;
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // What varve finds out about the machine's tools is found out once for all tests, and not in the user's own cache.
    env: { XDG_CACHE_HOME: resolve('node_modules/.cache'), PATH: pathToPython() },
    setupFiles: ['test/set-up-draws.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Most tests wait for programs that they started, so that there is work for every CPU.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
  },
});
