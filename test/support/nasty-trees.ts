/** Directories that are hard to keep: made at random, written to disk, read back for comparison. */
import fc from 'fast-check';
import type { FileSystem } from '../../lib/ports/world.ts';
import { mkfifo } from './real-git.ts';

/** What stands at a path of raw bytes. */
export type Thing =
  | { readonly kind: 'file'; readonly mode: number; readonly text: string }
  | { readonly kind: 'dir'; readonly mode: number }
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'fifo'; readonly mode: number }
  /** Another name of the file that comes as number `of` among the files. */
  | { readonly kind: 'hardlink'; readonly of: number };

export type Things = ReadonlyMap<string, Thing>;

const NAMES = [
  'a',
  'b',
  'A',
  'image',
  'usr',
  '.git',
  '.GIT',
  'git~1',
  '.git. ',
  '.g\u00e2\u0080\u008cit',
  '.gitmodules',
  '.gitattributes',
  'GI7EBA~1',
  '.gitignore',
  '.mailmap',
  '.varve',
  'varve%a',
  'varve%.git',
  '-n',
  ' ',
  'a b',
  'new\nline',
  '%',
  '#',
  '*',
  '[x]',
  '\\',
  'x\\.git',
  '\u00c3\u00a9',
  'HEAD',
  'a.b',
  'a0',
  '.git::$INDEX_ALLOCATION',
  '..a',
  '...',
];
/** Names that are not UTF-8: real disks hold them, memfs does not. */
const RAW_NAMES = ['\u00e9', '\u00ff\u00fe', '\u0080.git'];
const FILE_MODES = [0o644, 0o755, 0o600, 0o444, 0o4755, 0o2755, 0o1644, 0o4111, 0, 0o777, 0o100];
const DIR_MODES = [0o755, 0o700, 0o1777, 0o2755, 0o555, 0o711];
const TEXTS = ['', 'x', 'text\n', '[submodule "a"]\n\turl = -u./x\n', `${'a'.repeat(2500)}\n`, '\0\u00ff'];
const TARGETS = ['a', '../..', '/etc/passwd', 'no where', '\u00c3\u00a9', 'x'.repeat(4000)];

/** Trees of a few dozen things; `raw` adds names that are not UTF-8. */
export function nastyThings(options: {
  readonly raw: boolean;
  readonly fifos: boolean;
}): fc.Arbitrary<Things> {
  const name = fc.constantFrom(...NAMES, ...(options.raw ? RAW_NAMES : []));
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
  const thing = fc.oneof(
    fc.record({
      kind: fc.constant('file' as const),
      mode: fc.constantFrom(...FILE_MODES),
      text: fc.constantFrom(...TEXTS),
    }),
    fc.record({ kind: fc.constant('dir' as const), mode: fc.constantFrom(...DIR_MODES) }),
    fc.record({ kind: fc.constant('symlink' as const), target: fc.constantFrom(...TARGETS) }),
    fc.record({ kind: fc.constant('hardlink' as const), of: fc.nat(20) }),
    ...(options.fifos
      ? [fc.record({ kind: fc.constant('fifo' as const), mode: fc.constantFrom(0o644, 0o600) })]
      : []),
  );
  return fc.array(fc.tuple(path, thing), { maxLength: 25 }).map((pairs) => withParents(pairs));
}

/** Each of what {@link nastyThings} draws from, once: no tree of theirs is certain to have it. */
export function everyThing(options: { readonly raw: boolean; readonly fifos: boolean }): Things {
  const names = [...NAMES, ...(options.raw ? RAW_NAMES : [])];
  const file = (mode: number, text: string): Thing => ({ kind: 'file', mode, text });
  const numbered = <T>(list: readonly T[], dir: string, thing: (of: T) => Thing): [string, Thing][] =>
    list.map((of, i) => [`${dir}/${i}`, thing(of)]);
  const isPlain = (name: string): boolean => !name.startsWith('.git');
  return withParents([
    ...names.flatMap((name): [string, Thing][] => [
      [`files/${name}`, file(0o644, TEXTS[3] ?? '')],
      [`long lines/${name}`, file(0o755, TEXTS[4] ?? '')],
      [`links/${name}`, { kind: 'symlink', target: 'a' }],
      [`dirs/${name}`, { kind: 'dir', mode: 0o755 }],
      [`nested/${name}/${name}`, file(0o600, '')],
      [`twins/${name}`, { kind: 'hardlink', of: names.indexOf(name) }],
      ...(options.fifos && isPlain(name)
        ? [[`fifos/${name}`, { kind: 'fifo', mode: 0o644 }] as [string, Thing]]
        : []),
    ]),
    ...numbered(FILE_MODES, 'modes', (mode) => file(mode, 'x')),
    ...numbered(FILE_MODES, 'image/modes', (mode) => file(mode, 'x')),
    ...numbered(DIR_MODES, 'modes of dirs', (mode) => ({ kind: 'dir', mode })),
    ...numbered(TEXTS, 'texts', (text) => file(0o644, text)),
    ...numbered(TARGETS, 'targets', (target) => ({ kind: 'symlink', target })),
  ]);
}

/** Leaves out what cannot stand together, and the top-level `.git`, which is varve's own. */
function withParents(pairs: readonly (readonly [string, Thing])[]): Things {
  const things = new Map<string, Thing>();
  for (const [path, thing] of pairs) {
    const names = path.split('/');
    const parents = names.slice(0, -1).map((_, i) => names.slice(0, i + 1).join('/'));
    const blocked = parents.some((parent) => (things.get(parent)?.kind ?? 'dir') !== 'dir');
    // Git itself would wait for ever on a fifo in the place of a file that it reads.
    const trap = thing.kind === 'fifo' && names.at(-1)?.startsWith('.git');
    if (blocked || trap || things.has(path) || names[0] === '.git') continue;
    for (const parent of parents) if (!things.has(parent)) things.set(parent, { kind: 'dir', mode: 0o755 });
    things.set(path, thing);
  }
  return things;
}

const full = (dir: string, path: string): Buffer =>
  Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(path, 'latin1')]);

/** Writes things below an empty directory. */
export function plant(fs: FileSystem, dir: string, things: Things): void {
  const files = [...things].filter(([, thing]) => thing.kind === 'file').map(([path]) => path);
  for (const [path, thing] of things) {
    const at = full(dir, path);
    if (thing.kind === 'dir') fs.mkdirSync(at);
    if (thing.kind === 'file') fs.writeFileSync(at, Buffer.from(thing.text, 'latin1'));
    if (thing.kind === 'symlink') fs.symlinkSync(Buffer.from(thing.target, 'latin1'), at);
    if (thing.kind === 'fifo') mkfifo(at, thing.mode);
  }
  for (const [path, thing] of things) {
    const other = thing.kind === 'hardlink' ? files[thing.of % Math.max(files.length, 1)] : undefined;
    if (other !== undefined) fs.linkSync(full(dir, other), full(dir, path));
  }
  for (const [path, thing] of [...things].toReversed()) {
    if (thing.kind === 'file' || thing.kind === 'dir') fs.chmodSync(full(dir, path), thing.mode);
  }
}

/** Tells all that must be kept of a directory, a line for each thing in it, sorted. */
export function describe(fs: FileSystem, dir: string): readonly string[] {
  const inodes = new Map<bigint, string>();
  const lines: string[] = [];
  const visit = (path: string): void => {
    const names = opened(fs, full(dir, path), () => fs.readdirSync(full(dir, path), { encoding: 'latin1' }));
    for (const name of names.toSorted()) {
      const below = path === '' ? name : `${path}/${name}`;
      const at = full(dir, below);
      if (below === '.git') continue;
      const stat = fs.lstatSync(at, { bigint: true });
      const first = inodes.get(stat.ino) ?? below;
      if (!stat.isDirectory()) inodes.set(stat.ino, first);
      const isLink = stat.isSymbolicLink();
      const text = isLink
        ? fs.readlinkSync(at, { encoding: 'latin1' })
        : stat.isFile()
          ? opened(fs, at, () => fs.readFileSync(at, 'latin1'))
          : '';
      const mode = isLink ? 'link' : stat.mode.toString(8);
      lines.push(JSON.stringify([below, mode, text, first === below ? '' : first]));
      if (stat.isDirectory()) visit(below);
    }
  };
  visit('');
  return lines;
}

/** Does something with what may be closed to its owner (for memfs, which takes everybody for such). */
function opened<T>(fs: FileSystem, path: Buffer, work: () => T): T {
  const mode = fs.lstatSync(path).mode & 0o7777;
  if ((mode & 0o500) === 0o500) return work();
  fs.chmodSync(path, mode | 0o500);
  try {
    return work();
  } finally {
    fs.chmodSync(path, mode);
  }
}
