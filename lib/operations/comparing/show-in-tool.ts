/** `varve diff --tool`: hands what differs to a program of the user's own. */
import { join } from 'node:path';
import { makeFifo } from '../../execution/hands/make-fifo.ts';
import { removeTree } from '../../execution/workdir/remove-tree.ts';
import { applyEntries } from '../../history/materialise.ts';
import type { Entry } from '../../ports/objects.ts';
import type { World } from '../../ports/world.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { parentOf } from '../../trees/tree-metadata.ts';
import { callersEnvironment } from '../shells/callers-environment.ts';
import { attributesText } from './attributes-text.ts';
import { pathOn, type Difference, type FileSide } from './difference.ts';

/** All files have one time: those of a record would be told as differences. */
const ONE_TIME = 0n;
/** The file in which modes, owners and extended attributes are told. */
const ATTRIBUTES = '.varve-attributes';

/**
 * Writes both sides of the files that differ into temporary directories, closed to writing, and runs `COMMAND LEFT RIGHT`.
 * What the command answers means nothing: some tell by it that there is a difference.
 */
export function showInTool(world: World, difference: Difference, command: string): void {
  refuseMissing(world, command);
  const scratch = world.fs.mkdtempSync(join(world.env['TMPDIR'] ?? '/tmp', 'varve-diff-'));
  // An interrupt is the command's: what was written here goes in any case.
  const end = world.onInterrupt(() => undefined);
  try {
    const [left, right] = (['from', 'to'] as const).map((side) =>
      writeSide(world, difference, { scratch, side }),
    );
    const { status, signal } = world.run(
      '/bin/sh',
      ['-c', `${command} "$@"`, 'sh', left ?? '', right ?? ''],
      { inherit: true, cwd: world.cwd, env: callersEnvironment(world) },
    );
    if (signal !== null || status === null || status >= 126) throw notRun(command, status);
  } finally {
    end();
    removeTree(world, scratch);
  }
}

function writeSide(
  world: World,
  difference: Difference,
  { scratch, side }: { readonly scratch: string; readonly side: 'from' | 'to' },
): string {
  const other = difference[side === 'from' ? 'to' : 'from'].rev;
  const { rev } = difference[side];
  const dir = join(scratch, rev === other ? `${rev}-${side}` : rev.replaceAll(/[/:]/g, '-'));
  const mkfifo = (path: Buffer, mode: number): void => makeFifo(world, path, mode);
  for (const [recipe, entries] of entriesOf(difference, side)) {
    const place = recipe === undefined ? dir : join(dir, recipe);
    const times = new Map(entries.map(({ path }) => [path, ONE_TIME]));
    world.fs.mkdirSync(place, { recursive: true });
    const what = { objects: difference.contents(recipe), entries, present: [], special: [] };
    applyEntries(world.fs, what, { dir: place, options: { mkfifo, times } });
    const files = difference.files.filter((file) => file.recipe === recipe);
    writeClosed(world, join(place, ATTRIBUTES), attributesText(files, side));
    world.fs.chmodSync(place, 0o555);
  }
  world.fs.mkdirSync(dir, { recursive: true });
  world.fs.chmodSync(dir, 0o555);
  return dir;
}

function writeClosed({ fs }: World, path: string, text: string): void {
  if (text === '') return;
  fs.writeFileSync(path, text);
  fs.chmodSync(path, 0o444);
}

/** By recipe, with the directories that files stand in. */
function entriesOf(
  { files }: Difference,
  side: 'from' | 'to',
): ReadonlyMap<string | undefined, readonly Entry[]> {
  const found = new Map<string | undefined, Map<string, Entry>>();
  for (const file of files) {
    const at = file[side];
    const path = pathOn(file, side);
    const entries = found.get(file.recipe) ?? new Map<string, Entry>();
    found.set(file.recipe, entries);
    if (at === undefined) continue;
    entries.set(path, entryOf(path, at));
    for (let dir = parentOf(path); dir !== ''; dir = parentOf(dir))
      if (!entries.has(dir)) entries.set(dir, { path: dir, kind: 'dir', mode: 0o555 });
  }
  const sorted = [...found].map(
    ([recipe, entries]) =>
      [recipe, [...entries.values()].toSorted((a, b) => byCodeUnit(a.path, b.path))] as const,
  );
  return new Map(sorted);
}

function entryOf(path: string, { mode, oid }: FileSide): Entry {
  const kinds = { 0o120000: 'symlink', 0o40000: 'dir', 0o10000: 'fifo' } as const;
  const type = mode & 0o170000;
  const kind = type in kinds ? kinds[type as keyof typeof kinds] : 'file';
  return { path, kind, mode: mode & 0o555, ...(oid !== undefined && { oid }) };
}

/** Asked before anything is written: the shell would say so in words of its own. */
function refuseMissing(world: World, command: string): void {
  if (command.trim() === '') throw noTool('--tool needs a command');
  const program = programOf(command);
  if (program === undefined) return;
  const asked = `found=$(command -v ${program}) || exit 127; case $found in */*) test -f "$found" && test -x "$found" || exit 126;; esac`;
  const { status } = world.run('/bin/sh', ['-c', asked], { cwd: world.cwd, env: callersEnvironment(world) });
  if (status === 127 || status === 126) throw notRun(command, status);
}

/** The first word that sets no variable, where it is written as it is; what is quoted or made up only the shell can tell. */
function programOf(command: string): string | undefined {
  return /^\s*(?:\w+=[\w./:+,@%-]*\s+)*([\w./+@%~-]+)(?=\s|$)/.exec(command)?.[1];
}

function notRun(command: string, status: number | null): VarveError {
  const program = programOf(command) ?? command;
  if (status === 127 || status === 126)
    return noTool(
      `${program} ${status === 127 ? 'was not found' : 'cannot be run'}, and --tool names a command that is run here`,
    );
  return new VarveError('usage', `${program} was ended before it was done`);
}

function noTool(message: string): VarveError {
  return new VarveError('usage', message, {
    hints: ["--tool 'COMMAND' runs COMMAND LEFT RIGHT: diffoscope, meld, 'git diff --no-index'"],
  });
}
