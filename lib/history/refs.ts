import type { Dirent } from 'node:fs';
import { basename, join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit, type CommitId, type ObjectId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { hasCode, isAbsent, orRemove, readIfThere, replaceFile } from './replace-file.ts';

/** The names of a repository: loose files and packed-refs, as git keeps them. */
export interface Refs {
  read(name: string): ObjectId | undefined;
  /** Those of the names that are there; cheaper than to read one after the other. */
  readEach(names: readonly string[]): ReadonlyMap<string, ObjectId>;
  write(name: string, oid: ObjectId): void;
  /** No error where there is none. */
  delete(name: string): void;
  /** Every ref whose name starts with this, in code-unit order. One pass: cheaper than many reads. */
  list(prefix: string): ReadonlyMap<string, ObjectId>;
  /** All refs that can be read, in code-unit order, and what is wrong with the others. */
  survey(): { readonly refs: ReadonlyMap<string, ObjectId>; readonly damaged: readonly VarveError[] };
  /** What HEAD stands at; undefined before the first commit. */
  head(): CommitId | undefined;
  /** Detaches HEAD at a commit. */
  setHead(commit: CommitId): void;
  /** Lets HEAD stand at no commit, as in a new repository. */
  clearHead(): void;
  /**
   * Writes all refs beside packed-refs, with these changes (undefined: it goes). Before they are put in place the caller
   * sees to it that the file, and every object written before, is on the disk.
   */
  pack(changes?: RefChanges): Packing;
  /** Takes away each loose ref that `holds` says no to, or that is no id: packed-refs is in force again. */
  dropLoose(holds: (oid: ObjectId) => boolean): readonly string[];
}

/** Refs on their way into packed-refs. */
export interface Packing {
  /** Puts them in place, all at once. */
  place(): void;
  /** Removes the loose ones, and their directories. Until the caller has seen to it that packed-refs is in its place on the disk, nothing else has them. */
  prune(): void;
}

/** What names are to lead to from now on; undefined: they go. */
export type RefChanges = ReadonlyMap<string, ObjectId | undefined>;

/** HEAD before the first commit; that of builds.git always. */
export const UNBORN = 'ref: refs/heads/main\n';

/** Opens the refs of a repository. Nothing is kept between calls but the parsed packed-refs. */
export function openRefs(fs: FileSystem, gitDir: string): Refs {
  const packed = openPackedRefs(fs, gitDir);
  const loose = (name: string): ObjectId | undefined => readLoose(fs, `${gitDir}/${name}`);
  const read = (name: string): ObjectId | undefined => loose(name) ?? packed.read().get(name);
  const list = (prefix: string): ReadonlyMap<string, ObjectId> => {
    const found = new Map<string, ObjectId>();
    // There may be thousands of others, and each turn of a loop that takes them as pairs makes one.
    packed.read().forEach((oid, name) => {
      if (name.startsWith(prefix)) found.set(name, oid);
    });
    for (const name of looseNames(fs, gitDir, 'refs')) {
      const oid = name.startsWith(prefix) ? loose(name) : undefined;
      if (oid !== undefined) found.set(name, oid);
    }
    return new Map([...found].toSorted(([a], [b]) => byCodeUnit(a, b)));
  };
  return {
    read,
    readEach(names) {
      const found = names.map((name) => [name, loose(name)] as const);
      // Only now: what another process packs meanwhile is in one of them, or in both.
      const rest = found.some(([, oid]) => oid === undefined) ? packed.read() : new Map<string, ObjectId>();
      return new Map(
        found.flatMap(([name, own]) => {
          const oid = own ?? rest.get(name);
          return oid === undefined ? [] : [[name, oid] as const];
        }),
      );
    },
    list,
    survey: () => surveyRefs(fs, gitDir, { packed: () => packed.read(), loose }),
    write: (name, oid) => {
      checkName(name);
      writeLoose(fs, join(gitDir, name), `${oid}\n`);
    },
    delete: (name) => {
      const left = new Map(packed.read());
      if (left.delete(name)) packed.write(left);
      fs.rmSync(join(gitDir, name), { force: true });
    },
    head: () => headOf(fs, gitDir, read),
    setHead: (commit) => writeLoose(fs, join(gitDir, 'HEAD'), `${commit}\n`),
    clearHead: () => writeLoose(fs, join(gitDir, 'HEAD'), UNBORN),
    pack: (changes = new Map()) => {
      if (looseNames(fs, gitDir, 'refs').length === 0 && changes.size === 0)
        return { place: () => {}, prune: () => {} };
      // Of the others packed-refs will say what they are now: who packs a thousand repositories need not remember it.
      const changing = new Map([...changes.keys()].map((name) => [name, loose(name)]));
      const place = packed.prepare(changed(list('refs/'), changes));
      const prune = (): void => {
        const placed = packed.read();
        for (const name of looseNames(fs, gitDir, 'refs')) {
          const oid = loose(name);
          if (oid !== undefined && (oid === placed.get(name) || oid === changing.get(name)))
            fs.rmSync(join(gitDir, name));
        }
        removeEmptyBelow(fs, join(gitDir, 'refs'));
        packed.forget();
      };
      return { place, prune };
    },
    dropLoose: (holds) => {
      const unsound = looseNames(fs, gitDir, 'refs').filter((name) => {
        const oid = oidIn(readText(fs, join(gitDir, name)) ?? '');
        return oid === undefined || !holds(oid);
      });
      for (const name of unsound) fs.rmSync(join(gitDir, name));
      return unsound;
    },
  };
}

function changed(refs: ReadonlyMap<string, ObjectId>, changes: RefChanges): ReadonlyMap<string, ObjectId> {
  return new Map(
    [...refs, ...changes].flatMap(([name, oid]) => {
      const value = changes.has(name) ? changes.get(name) : oid;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function surveyRefs(
  fs: FileSystem,
  gitDir: string,
  sources: {
    readonly packed: () => ReadonlyMap<string, ObjectId>;
    readonly loose: (name: string) => ObjectId | undefined;
  },
): ReturnType<Refs['survey']> {
  const damaged: VarveError[] = [];
  const orTold = <T>(look: () => T): T | undefined => {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof VarveError)) throw error;
      damaged.push(error);
      return undefined;
    }
  };
  const found = new Map(orTold(sources.packed));
  for (const name of looseNames(fs, gitDir, 'refs')) {
    const oid = orTold(() => sources.loose(name));
    if (oid !== undefined) found.set(name, oid);
  }
  // It is no name of its own, but what it says must be readable as well.
  orTold(() => sources.loose('HEAD'));
  // It is written last: before that a repository names nothing.
  const head = join(gitDir, 'HEAD');
  if (found.size > 0 && !fs.existsSync(head)) damaged.push(damagedRef(head, 'it is missing'));
  return { refs: new Map([...found].toSorted(([a], [b]) => byCodeUnit(a, b))), damaged };
}

function headOf(fs: FileSystem, gitDir: string, read: Refs['read']): CommitId | undefined {
  const path = join(gitDir, 'HEAD');
  const symbolic = /^ref: (.+)$/m.exec(readText(fs, path) ?? '')?.[1];
  return (symbolic === undefined ? readLoose(fs, path) : read(symbolic)) as CommitId | undefined;
}

interface PackedRefs {
  read(): ReadonlyMap<string, ObjectId>;
  write(refs: ReadonlyMap<string, ObjectId>): void;
  /** Writes them beside the file; what it answers puts them in its place. */
  prepare(refs: ReadonlyMap<string, ObjectId>): () => void;
  /** Reads the file again when it is asked next. */
  forget(): void;
}

function openPackedRefs(fs: FileSystem, gitDir: string): PackedRefs {
  const path = join(gitDir, 'packed-refs');
  const nothing: { readonly stamp: string; readonly refs: ReadonlyMap<string, ObjectId> } = {
    stamp: '',
    refs: new Map(),
  };
  let known = nothing;
  const prepare: PackedRefs['prepare'] = (refs) => {
    // No claim that tags are peeled: git looks itself.
    const lines = [...refs].toSorted(([a], [b]) => byCodeUnit(a, b)).map(([name, oid]) => `${oid} ${name}\n`);
    fs.rmSync(`${path}.lock`, { force: true });
    orRemove(fs, `${path}.lock`, () =>
      fs.writeFileSync(`${path}.lock`, `# pack-refs with: sorted \n${lines.join('')}`),
    );
    return () => {
      fs.renameSync(`${path}.lock`, path);
      known = nothing;
    };
  };
  return {
    read: () => {
      const stamp = stampOf(fs, path);
      if (stamp !== known.stamp) known = { stamp, refs: parsePackedRefs(path, readText(fs, path) ?? '') };
      return known.refs;
    },
    write: (refs) => prepare(refs)(),
    prepare,
    forget: () => {
      known = nothing;
    },
  };
}

/** Tells one state of a file from another: each is written anew and renamed, so the inode changes. */
function stampOf(fs: FileSystem, path: string): string {
  const stat = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.size}`;
}

function parsePackedRefs(path: string, text: string): ReadonlyMap<string, ObjectId> {
  const refs = new Map<string, ObjectId>();
  for (const line of text.split('\n')) {
    if (/^[0-9a-f]{40} refs\/.+$/.test(line)) refs.set(line.slice(41), line.slice(0, 40) as ObjectId);
    // Comments, and what git notes of a tag's own target.
    else if (!/^(#.*|\^[0-9a-f]{40}|)$/.test(line))
      throw damagedRef(path, `it holds the line "${shown(line)}"`);
  }
  return refs;
}

/** Reads a file with the id of one object; undefined where there is none, or another ref's name (a clone's). */
function readLoose(fs: FileSystem, path: string): ObjectId | undefined {
  // Most names are packed: to ask first takes a tenth of what an error takes.
  const text = fs.existsSync(path) ? readText(fs, path) : undefined;
  if (text === undefined || text.startsWith('ref: ')) return undefined;
  const oid = oidIn(text);
  if (oid === undefined) throw damagedRef(path, `it says "${shown(text)}" instead of naming an object`);
  return oid;
}

function oidIn(text: string): ObjectId | undefined {
  return /^[0-9a-f]{40}(?=\s*$)/.exec(text)?.[0] as ObjectId | undefined;
}

function readText(fs: FileSystem, path: string): string | undefined {
  try {
    return readIfThere(fs, path);
  } catch (error) {
    if (hasCode(error, 'EISDIR')) throw damagedRef(path, 'it is a directory');
    throw error;
  }
}

/** To take a damaged name for one that is not there could let an older one stand, or a newer be given twice. */
function damagedRef(path: string, what: string): VarveError {
  const hint =
    basename(path) === 'HEAD'
      ? `echo '${UNBORN.trimEnd()}' > ${path}   forgets where a WORKDIR stood: what no task left in it is kept as edits`
      : `rm -r ${path}   forgets it: builds name again what they need, varve gc edits and notes`;
  return new VarveError('usage', `${path} is damaged: ${what}`, { hints: [hint] });
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 40)).slice(1, -1);

/** Git takes `*.lock` for nothing, so an interrupted write leaves nothing behind that looks like a ref. */
function writeLoose(fs: FileSystem, path: string, text: string): void {
  replaceFile(fs, { path, temporary: `${path}.lock` }, text);
}

function looseNames(fs: FileSystem, gitDir: string, dir: string): readonly string[] {
  return entriesOf(fs, join(gitDir, dir)).flatMap((found) => {
    const name = `${dir}/${found.name}`;
    if (found.isDirectory()) return looseNames(fs, gitDir, name);
    return found.isFile() && !name.endsWith('.lock') ? [name] : [];
  });
}

function entriesOf(fs: FileSystem, dir: string): readonly Dirent[] {
  try {
    return fs.readdirSync(dir, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** As git does: that no name is loose is then to be seen at `refs` alone. What somebody writes there meanwhile stays. */
function removeEmptyBelow(fs: FileSystem, dir: string): void {
  for (const found of entriesOf(fs, dir).filter((entry) => entry.isDirectory())) {
    const below = join(dir, found.name);
    removeEmptyBelow(fs, below);
    try {
      fs.rmdirSync(below);
    } catch (error) {
      if (!hasCode(error, 'ENOTEMPTY') && !hasCode(error, 'EEXIST') && !isAbsent(error)) throw error;
    }
  }
}

function checkName(name: string): void {
  // oxlint-disable-next-line no-control-regex -- git refuses these in ref names
  const bad = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|^\.|\.$|\/$|\.lock(?:\/|$)/.test(name);
  if (bad || !name.startsWith('refs/')) throw new VarveError('usage', `git allows no ref called '${name}'`);
}
