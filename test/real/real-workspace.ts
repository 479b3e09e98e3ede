/** Build directories for fixtures/real, one beside the other in a place that is removed when the file's tests ended. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { afterAll } from 'vitest';

const downloads = resolve('fixtures/real/downloads');
export const sources = readFileSync('fixtures/real/fetch.sh', 'utf8')
  .split('\n')
  .flatMap((line) => (/^\S+ \S+ (\S+) [0-9a-f]{64}$/.exec(line) ?? []).slice(1))
  .map((name) => join(downloads, name));
export const tools = [
  'gcc',
  'g++',
  'make',
  'cmake',
  'ninja',
  'pkg-config',
  'autoconf',
  'automake',
  'libtoolize',
  'perl',
  'python3',
  'patch',
];
export const minutes = 60_000;

export const top = mkdtempSync(join(tmpdir(), 'varve-real-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

export function run(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): string {
  const [program = '', ...args] = command;
  const ran = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 29, ...options });
  if (ran.status !== 0)
    throw new Error(`${command.join(' ')}: ${ran.stdout.slice(-4000)}${ran.stderr.slice(-4000)}`);
  return ran.stdout;
}

export const varve = (buildDir: string, ...args: string[]): string =>
  run([process.execPath, 'dist/bin/varve.js', '-B', buildDir, ...args]);

const ownLayers = ['meta-real', 'meta-check', 'meta-board', 'meta-root'];

export function makeBuildDir(place: string, local = ''): string {
  const buildDir = join(top, place);
  const [layers, own] = [join(top, 'layers'), join(buildDir, 'downloads')];
  if (!existsSync(layers))
    for (const layer of ownLayers) cpSync(`fixtures/real/${layer}`, join(layers, layer), { recursive: true });
  const named = ownLayers.flatMap((layer) => ['--layer', join(layers, layer)]);
  run([process.execPath, 'dist/bin/varve.js', 'init', buildDir, ...named]);
  mkdirSync(own, { recursive: true });
  for (const source of sources) cpSync(source, join(own, source.split('/').at(-1) ?? ''));
  writeFileSync(join(buildDir, 'conf/local.conf'), `DISTRO = "real"\nMACHINE ?= "host"\n${local}`, {
    flag: 'a',
  });
  return buildDir;
}

/** Regular files, sorted. */
export const filesBelow = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** The sums of all that a build ships: packages, feeds, images with what is said of them, and a sysroot. */
export function sumsOf(buildDir: string): readonly string[] {
  const sysroot = mkdtempSync(join(top, 'sysroot-'));
  varve(buildDir, 'sysroot', 'create', join(sysroot, 'made'), 'jq');
  const places = [join(buildDir, 'tmp/deploy'), join(buildDir, 'tmp/pkgdata'), sysroot];
  return places.flatMap((place) =>
    filesBelow(place).map((file) => {
      const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
      return `${sum} ${relative(place, file)}`;
    }),
  );
}
