/** Writes down what is asked of the world, so that it is known later whether everything would be answered alike. */
import { isAbsolute } from 'node:path';
import type { FileSystem, World } from '../ports/world.ts';

export interface Watched {
  /** The same world; what is asked of it is written down. */
  readonly world: World;
  /**
   * Ends it. Answers what was asked; undefined where nothing can prove the answers: a program or Python gave one of them.
   */
  end(): Asked | undefined;
  /** Ends it, for nothing that was asked is of interest. */
  forget(): void;
}

/** What can be asked of a path: whether something is there, all of what is there, or of the link itself. */
export type Question = 'there' | 'whole' | 'link';

/** Whether something was found; `changing`: once it was and once it was not. */
export type Finding = boolean | 'changing';

export interface Asked {
  /** By question, what was found at each path. */
  readonly files: Readonly<Record<Question, ReadonlyMap<string, Finding>>>;
  /** Where paths lead to. */
  readonly leads: ReadonlyMap<string, string>;
  readonly environment: ReadonlyMap<string, string | undefined>;
  /** Before anything was asked; milliseconds since the epoch. */
  readonly since: number;
}

/** Begins to watch. */
export function watchWorld(world: World): Watched {
  const notes = createNotes(world.now());
  const spoil = <Call extends (...args: never[]) => unknown>(call: Call): Call =>
    ((...args: Parameters<Call>) => {
      notes.spoil();
      return call(...args);
    }) as Call;
  return {
    world: {
      ...world,
      fs: watchFiles(world.fs, notes),
      env: watchEnvironment(world.env, notes),
      run: spoil(world.run),
      runAsync: spoil(world.runAsync),
      python: spoil(world.python),
      pythonLater: spoil(world.pythonLater),
    },
    end: () => notes.end(),
    forget: () => notes.spoil(),
  };
}

interface Notes {
  file(question: Question, path: unknown, found: boolean): void;
  lead(path: unknown, to: unknown): void;
  variable(name: string, value: string | undefined): void;
  /** Something was asked whose answer nothing proves. */
  spoil(): void;
  end(): Asked | undefined;
}

function createNotes(since: number): Notes {
  const files: Readonly<Record<Question, Map<string, Finding>>> = {
    there: new Map(),
    whole: new Map(),
    link: new Map(),
  };
  const leads = new Map<string, string>();
  const environment = new Map<string, string | undefined>();
  let [spoilt, ended] = [false, false];
  const spoil = (): void => {
    if (ended) return;
    spoilt = true;
    for (const notes of [...Object.values(files), leads, environment]) notes.clear();
  };
  return {
    file(question, path, found) {
      if (spoilt || ended || typeof path === 'number') return;
      const text = pathText(path);
      // What the kernel makes up when it is read has no times that tell of changes; what lies in shared memory has.
      if (text === undefined || /^\/(?:proc|sys|dev(?!\/shm\/))\//.test(text)) return spoil();
      const before = files[question].get(text) ?? found;
      files[question].set(text, before === found ? found : 'changing');
    },
    lead(path, to) {
      if (spoilt || ended) return;
      if (typeof path !== 'string' || typeof to !== 'string') return spoil();
      leads.set(path, to);
    },
    variable(name, value) {
      if (!spoilt && !ended) environment.set(name, value);
    },
    spoil,
    end() {
      ended = true;
      return spoilt ? undefined : { files, leads, environment, since };
    },
  };
}

/** Undefined where the path cannot be written as text, or leads on from wherever the process is. */
function pathText(path: unknown): string | undefined {
  if (typeof path === 'string') return isAbsolute(path) ? path : undefined;
  if (!(path instanceof Uint8Array)) return undefined;
  const text = Buffer.from(path).toString('utf8');
  return Buffer.from(text).equals(path) ? text : undefined;
}

function watchEnvironment(env: World['env'], notes: Notes): World['env'] {
  const told = (name: string | symbol): string | undefined => {
    if (typeof name === 'symbol') return undefined;
    notes.variable(name, env[name]);
    return env[name];
  };
  return new Proxy(env, {
    get: (_, name) => told(name),
    has: (_, name) => told(name) !== undefined,
    ownKeys(target) {
      notes.spoil();
      return Reflect.ownKeys(target);
    },
  });
}

/** What is done, not asked; and what is asked of a file that was opened, or, as how full a disk is, for the moment only. */
type Unwatched =
  | 'writeFileSync'
  | 'appendFileSync'
  | 'mkdirSync'
  | 'rmdirSync'
  | 'rmSync'
  | 'symlinkSync'
  | 'linkSync'
  | 'unlinkSync'
  | 'renameSync'
  | 'chmodSync'
  | 'utimesSync'
  | 'lutimesSync'
  | 'futimesSync'
  | 'closeSync'
  | 'readSync'
  | 'writeSync'
  | 'fsyncSync'
  | 'fstatSync'
  | 'mkdtempSync'
  | 'statfsSync';

const isAnswer = (answer: unknown): boolean => answer !== undefined && answer !== false;

function watchFiles(fs: FileSystem, notes: Notes): FileSystem {
  const watch = <Call extends (...args: never[]) => unknown>(
    question: Question,
    call: Call,
    isFound = isAnswer,
  ): Call =>
    ((...args: Parameters<Call>) => {
      try {
        const answer = call(...args);
        notes.file(question, args[0], isFound(answer));
        return answer;
      } catch (error) {
        if (isAbsent(error)) notes.file(question, args[0], false);
        else if (isOther(error)) notes.file(question, args[0], true);
        else notes.spoil();
        throw error;
      }
    }) as Call;
  const open = watch('whole', fs.openSync);
  const watched: Omit<FileSystem, Unwatched> = {
    existsSync: watch('there', fs.existsSync),
    statSync: watch('whole', fs.statSync),
    readFileSync: watch('whole', fs.readFileSync),
    readdirSync: watch('whole', fs.readdirSync),
    accessSync: watch('whole', fs.accessSync, () => true),
    copyFileSync: watch('whole', fs.copyFileSync, () => true),
    openSync: (path, flags, mode) =>
      (flags === undefined || flags === 'r' ? open : fs.openSync)(path, flags, mode),
    lstatSync: watch('link', fs.lstatSync),
    readlinkSync: watch('link', fs.readlinkSync),
    realpathSync: watchRealPath(fs.realpathSync, notes),
  };
  return { ...fs, ...watched };
}

function watchRealPath(realpath: FileSystem['realpathSync'], notes: Notes): FileSystem['realpathSync'] {
  const watched = (...args: Parameters<typeof realpath>): ReturnType<typeof realpath> => {
    const answer = realpath(...args);
    notes.lead(args[0], answer);
    return answer;
  };
  return Object.assign(watched, { native: realpath.native }) as typeof realpath;
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : '');
const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(String(codeOf(error)));
/** There is something of another kind than was asked for. */
const isOther = (error: unknown): boolean => ['EISDIR', 'EINVAL'].includes(String(codeOf(error)));
