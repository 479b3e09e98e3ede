/** Says which program a host tool is: the words it has for its version, and the checksum of what it consists of. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { World } from '../../ports/world.ts';
import type { StatMemo } from './stat-memo.ts';

/** `gcc`, `x86_64-linux-gnu-g++-12`: they answer -dumpmachine, and are drivers of programs of their own. */
const compiler = /(^|-)(gcc|g\+\+|cc|c\+\+|cpp|gfortran|clang|clang\+\+|clang-cpp)(-[\d.]+)?$/;
/** What a compiler's driver calls from its own directory. Where it says a bare name, it calls the host tool of that name. */
const innerPrograms = ['cc1', 'cc1plus', 'f951', 'collect2', 'lto1', 'as', 'ld'];

/** Identifies the program at `path`: `gcc (Debian 12.2.0-14) 12.2.0 x86_64-linux-gnu sha256:…`; memoised by stat. */
export function identifyTool(world: World, memo: StatMemo, path: string): string {
  const real = world.fs.realpathSync(path);
  const isCompiler = compiler.test(basename(path));
  // Listed anew only where the driver itself has changed; gcc and cc are one.
  const inner = isCompiler
    ? memo.remember(`inner ${real}`, [real], () => findInner(world, path).join('\n'))
    : '';
  const parts = [real, ...inner.split('\n').filter((part) => part !== '')];
  return memo.remember(`tool ${path}`, parts, () => {
    const words = [firstLine(world, path, '--version')];
    if (isCompiler) words.push(firstLine(world, path, '-dumpmachine'));
    return [...words, `sha256:${checksum(world, memo, parts)}`].filter((word) => word !== '').join(' ');
  });
}

/** Identifies a program by its content alone: one that nobody knows here may do anything when it is asked for its version. */
export function identifyUnknown(world: World, memo: StatMemo, path: string): string {
  return `sha256:${checksum(world, memo, [world.fs.realpathSync(path)])}`;
}

function findInner(world: World, path: string): readonly string[] {
  return innerPrograms
    .map((name) => firstLine(world, path, `-print-prog-name=${name}`))
    .filter((part) => part.startsWith('/') && world.fs.existsSync(part))
    .map((part) => world.fs.realpathSync(part));
}

/** The first line that says something; empty where the program does not know the question. */
function firstLine(world: World, path: string, question: string): string {
  const env = { PATH: world.env['PATH'] ?? '', LC_ALL: 'C' };
  const result = world.run(path, [question], { env, cwd: '/', input: Buffer.alloc(0) });
  if (result.status !== 0) return '';
  const lines = result.stdout.toString('utf8').split('\n');
  return lines.find((line) => line.trim() !== '')?.trim() ?? '';
}

/** Of one file its own SHA-256; of several that of theirs, by name. */
function checksum(world: World, memo: StatMemo, files: readonly string[]): string {
  const sums = files.map((file) =>
    memo.remember(`sha256 ${file}`, [file], () => sha256(world.fs.readFileSync(file))),
  );
  if (sums.length === 1) return sums[0] ?? '';
  return sha256(files.map((file, index) => `${basename(file)} ${sums[index] ?? ''}\n`).join(''));
}

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
