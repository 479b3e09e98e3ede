import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SourceContext } from '../../lib/sources/source-context.ts';
import { VarveError } from '../../lib/terms/varve-error.ts';
import { createWorld } from '../../lib/world/world.ts';

/** The world as it is: one, as it listens to the terminal. */
export const realWorld = createWorld();

/** A context on the real disk, in a directory that goes with the test. */
export interface TestContext extends SourceContext {
  /** The directory that everything lies in. */
  readonly root: string;
  /** The one directory of FILESPATH. */
  readonly files: string;
  /** Lines of the log. */
  readonly lines: string[];
}

/** Makes a context for a recipe `thing` with this SRC_URI; `changes` replaces parts of it. */
export function makeContext(srcUri: string, changes: Partial<SourceContext> = {}): TestContext {
  const root = makeDirectory();
  const lines: string[] = [];
  const files = join(root, 'layer/thing/files');
  mkdirSync(files, { recursive: true });
  return {
    recipe: 'thing',
    recipeFile: 'layer/thing/thing_1.0.bb',
    version: '1.0',
    srcUri,
    flags: new Map(),
    filesPath: [files],
    downloadDir: join(root, 'downloads'),
    workdir: join(root, 'work'),
    unpackDir: join(root, 'work/sources'),
    s: join(root, 'work/sources/thing-1.0'),
    b: join(root, 'work/build'),
    srcrev: () => undefined,
    premirrors: '',
    mirrors: '',
    offline: false,
    log: (line) => lines.push(line),
    world: realWorld,
    signal: new AbortController().signal,
    ...changes,
    root,
    files,
    lines,
  };
}

/** Makes a directory that is removed after the test. */
export function makeDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'varve-sources-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Writes a file and the directories above it. */
export function put(path: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode });
}

/** The error that `work` ends with. */
export async function failureOf(work: () => unknown): Promise<VarveError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof VarveError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** Runs a host tool for the test; its output. */
export function tool(cwd: string, program: string, ...args: readonly string[]): string {
  const result = realWorld.run(program, args, { cwd, env: TOOL_ENV });
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${result.stderr.toString()}`);
  return result.stdout.toString();
}

const TOOL_ENV = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_DATE: '1700000000 +0000',
};
