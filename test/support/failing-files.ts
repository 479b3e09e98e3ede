/** File systems that stop in the middle of their work, as machines do. */
import { dirname } from 'node:path';
import type { FileSystem } from '../../lib/ports/world.ts';

/** Calls that change something. */
const changing = new Set([
  'writeFileSync',
  'appendFileSync',
  'mkdirSync',
  'rmdirSync',
  'rmSync',
  'symlinkSync',
  'linkSync',
  'unlinkSync',
  'renameSync',
  'chmodSync',
  'utimesSync',
  'lutimesSync',
  'writeSync',
  'futimesSync',
  'copyFileSync',
  'mkdtempSync',
]);

/** Thrown by every call after the last one that was granted. */
export class Stopped extends Error {}

/** Grants `calls` changes; the next one is half done if it is a write, and from then on nothing is. */
export function stoppingFiles(fs: FileSystem, calls: number): FileSystem & { readonly made: () => number } {
  let made = 0;
  let stopped = false;
  const guard = (name: string, call: (...args: unknown[]) => unknown) => {
    return (...args: unknown[]): unknown => {
      if (stopped) throw new Stopped(name);
      if (changing.has(name) || (name === 'openSync' && args[1] !== 'r')) made += 1;
      if (made <= calls) return call(...args);
      stopped = true;
      const [path, content] = args;
      if (name === 'writeFileSync') call(path, Buffer.from(content as string).subarray(0, 3), args[2]);
      throw new Stopped(`${name} ${String(path)}`);
    };
  };
  const guarded = Object.entries(fs).map(([name, call]) =>
    typeof call === 'function' ? [name, guard(name, call as (...args: unknown[]) => unknown)] : [name, call],
  );
  return { ...(Object.fromEntries(guarded) as FileSystem), made: () => made };
}

/** Calls that need room. */
const filling = new Set([
  'writeFileSync',
  'appendFileSync',
  'mkdirSync',
  'symlinkSync',
  'linkSync',
  'writeSync',
  'copyFileSync',
  'mkdtempSync',
]);

/** A disk on which, after so many calls that need room, there is none; the program goes on as it can. */
export function fullFiles(fs: FileSystem, calls: number): FileSystem & { readonly isFull: () => boolean } {
  let made = 0;
  const guard = (name: string, call: (...args: unknown[]) => unknown) => {
    return (...args: unknown[]): unknown => {
      const needsRoom = filling.has(name) || (name === 'openSync' && /[wa]/.test(String(args[1])));
      if (!needsRoom || ++made <= calls) return call(...args);
      throw Object.assign(new Error(`ENOSPC: no space left on device, ${name} ${String(args[0])}`), {
        code: 'ENOSPC',
      });
    };
  };
  const guarded = Object.entries(fs).map(([name, call]) =>
    typeof call === 'function' ? [name, guard(name, call as (...args: unknown[]) => unknown)] : [name, call],
  );
  return { ...(Object.fromEntries(guarded) as FileSystem), isFull: () => made > calls };
}

/** A file system whose changes are in memory only until they are synced. */
export interface Forgetful {
  readonly fs: FileSystem;
  /** All that was done so far is on the disk. */
  sync(): void;
  /**
   * The power goes: of each file that was not synced, `keep` says how much of it (0 to 1) is found afterwards. Where it says
   * less than a half of a name that was made, moved or removed since, that did not come to be, though what was done later did.
   */
  cut(keep: () => number): void;
}

/** Watches which files were written, and which names came and went, and not synced; a directory that is made is on the disk at once. */
export function forgetfulFiles(fs: FileSystem): Forgetful {
  const unsynced = new Set<number | bigint>();
  const undone: (() => void)[] = [];
  const inoAt = (path: string): number | bigint | undefined =>
    fs.lstatSync(path, { throwIfNoEntry: false })?.ino;
  const isWatched = (path: string): boolean => /\/(?:history|artifacts|imports)\//.test(path);
  const note = (file: unknown): void => {
    const stat =
      typeof file === 'number' ? fs.fstatSync(file) : fs.statSync(file as string, { throwIfNoEntry: false });
    if (stat?.isFile() === true) unsynced.add(stat.ino);
  };
  /** Does what may make a name. */
  const making = <T>(file: unknown, make: () => T): T => {
    if (typeof file === 'number') return make();
    const path = String(file);
    const before = inoAt(path);
    const made = make();
    const ino = inoAt(path);
    if (before === undefined && isWatched(path))
      undone.push(() => {
        if (inoAt(path) === ino) fs.rmSync(path, { force: true });
      });
    return made;
  };
  /** Notes the files that a removal will take. */
  const removing = (path: string, remove: () => void): void => {
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    const files = stat?.isDirectory() === true ? filesBelow(fs, path) : stat?.isFile() === true ? [path] : [];
    const taken = files.filter(isWatched).map((file) => ({
      file,
      content: fs.readFileSync(file),
      mode: fs.lstatSync(file).mode,
    }));
    remove();
    for (const { file, content, mode } of taken)
      undone.push(() => {
        if (inoAt(file) !== undefined || !fs.existsSync(dirname(file))) return;
        fs.writeFileSync(file, content);
        fs.chmodSync(file, mode);
      });
  };
  const watched: Partial<FileSystem> = {
    openSync: ((path: string, flags: string, mode?: number) => {
      const fd = making(path, () => fs.openSync(path, flags, mode));
      if (flags !== 'r') note(fd);
      return fd;
    }) as FileSystem['openSync'],
    writeFileSync: ((file: string, ...rest: [string]) => {
      making(file, () => fs.writeFileSync(file, ...rest));
      note(file);
    }) as FileSystem['writeFileSync'],
    appendFileSync: ((file: string, ...rest: [string]) => {
      making(file, () => fs.appendFileSync(file, ...rest));
      note(file);
    }) as FileSystem['appendFileSync'],
    writeSync: ((fd: number, ...rest: [Buffer]) => {
      const written = fs.writeSync(fd, ...rest);
      note(fd);
      return written;
    }) as FileSystem['writeSync'],
    copyFileSync: ((from: string, to: string) => {
      making(to, () => fs.copyFileSync(from, to));
      note(to);
    }) as FileSystem['copyFileSync'],
    linkSync: ((from: string, to: string) =>
      making(to, () => fs.linkSync(from, to))) as FileSystem['linkSync'],
    unlinkSync: ((path: string) => removing(path, () => fs.unlinkSync(path))) as FileSystem['unlinkSync'],
    rmSync: ((path: string, ...rest: []) =>
      removing(path, () => fs.rmSync(path, ...rest))) as FileSystem['rmSync'],
    rmdirSync: ((path: string) => {
      fs.rmdirSync(path);
      // Before what was removed from it.
      if (!isWatched(path)) return;
      undone.push(() => {
        if (!fs.existsSync(path) && fs.existsSync(dirname(path))) fs.mkdirSync(path);
      });
    }) as FileSystem['rmdirSync'],
    renameSync: ((from: string, to: string) => {
      const there = fs.lstatSync(to, { throwIfNoEntry: false });
      const before = there?.isFile() === true ? fs.readFileSync(to) : undefined;
      fs.renameSync(from, to);
      if (!isWatched(to) || !fs.lstatSync(to).isFile()) return;
      const ino = inoAt(to);
      undone.push(() => {
        if (inoAt(to) !== ino || !fs.existsSync(dirname(from))) return;
        fs.renameSync(to, from);
        if (before !== undefined) fs.writeFileSync(to, before);
      });
    }) as FileSystem['renameSync'],
    fsyncSync: (fd) => void unsynced.delete(fs.fstatSync(fd).ino),
  };
  return {
    fs: { ...fs, ...watched },
    sync() {
      unsynced.clear();
      undone.length = 0;
    },
    cut(keep) {
      for (const path of filesBelow(fs, '/')) {
        if (!unsynced.has(fs.lstatSync(path).ino)) continue;
        const content = fs.readFileSync(path);
        const { mode } = fs.lstatSync(path);
        fs.chmodSync(path, 0o600);
        fs.writeFileSync(path, content.subarray(0, Math.floor(content.length * keep())));
        fs.chmodSync(path, mode);
      }
      unsynced.clear();
      for (const undo of undone.splice(0).toReversed()) if (keep() < 0.5) undo();
    },
  };
}

function filesBelow(fs: FileSystem, dir: string): readonly string[] {
  return fs.readdirSync(dir, { withFileTypes: true }).flatMap((found) => {
    const path = `${dir === '/' ? '' : dir}/${found.name}`;
    if (found.isDirectory()) return filesBelow(fs, path);
    return found.isFile() ? [path] : [];
  });
}
