/** What enters a task's signature from metadata. */
import { byCodeUnit } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import { taskOverride } from './create-datastore.ts';
import type { Datastore } from './datastore.ts';
import { directDependencies, flagNamed, type Dependencies, type Rules } from './direct-dependencies.ts';
import { inputOrigin } from './input-origin.ts';
import { libraryFunction } from './library-functions.ts';
import { splitWords } from './python-values.ts';

export interface SignatureOptions {
  /** Names that enter no signature; left out: what BB_BASEHASH_IGNORE_VARS says. */
  readonly ignore?: readonly string[];
}

/**
 * Lists the task's text and every variable and function that it uses, directly or not; texts are not expanded. The
 * task's flags that change how it runs come with them. Sorted by kind and name.
 */
export function taskInputs(data: Datastore, task: string, options: SignatureOptions = {}): readonly Input[] {
  const view = seenBy(data, task);
  const known = knownOf(view, options);
  const leftOut = new Set([...splitWords(known.ignore), ...splitWords(view.flag(task, 'vardepsexclude'))]);
  const of = [...flagsOf(view, task), ...startOf(view, task)].filter((name) => !leftOut.has(name));
  const named = new Set([task, ...of]);
  const names = reachable(named, (name) => {
    const { names: own, environment } = known.dependencies(name);
    for (const other of own) named.add(other);
    const places = isPython(view, name) ? [...own].flatMap((other) => placesOf(view, other)) : [];
    return [...own, ...(environment?.names ?? []), ...places];
  });
  // Of what is an input anyway that it is exported, too, is another.
  const exported = [...names].flatMap((name) => [...(known.dependencies(name).environment?.names ?? [])]);
  for (const name of exported) if (named.has(name)) names.add(`${name}[export]`);
  return [...names].sort(byCodeUnit).map((name) => known.input(task, name));
}

function seenBy(data: Datastore, task: string): Datastore {
  return data.knowsOverride(taskOverride(task)) ? data.withTask(task) : data;
}

/** What a task would have of a variable, function or flag if it used it. */
export function taskInput(data: Datastore, task: string, name: string): Input {
  return knownOf(seenBy(data, task), {}).input(task, name);
}

/** Names in the signature of a task, as BitBake has them: those that its own text uses, and all. */
export function taskReferences(
  data: Datastore,
  task: string,
  options: SignatureOptions = {},
): { readonly direct: readonly string[]; readonly all: readonly string[] } {
  const known = knownOf(data, options);
  const namesOf = (name: string): readonly string[] => {
    const { names, environment } = known.dependencies(name);
    return environment?.of === 'shell' ? [...names, ...environment.names] : [...names];
  };
  const direct = [...new Set(namesOf(task))].sort(byCodeUnit);
  return { direct, all: [...reachable(direct, namesOf)].sort(byCodeUnit) };
}

/** The text of a variable, function or flag as it enters BitBake's signature; undefined: the flag is not set. */
export function signatureText(
  data: Datastore,
  name: string,
  options: SignatureOptions = {},
): string | undefined {
  const { text } = knownOf(data, options).dependencies(name);
  return text ?? (name.endsWith(']') ? undefined : '');
}

/** They decide where a task runs, as whom, and what of it is its result, so a change of them is a change of the task. */
const flagsThatCount = [
  'artifact',
  'cleandirs',
  'dirs',
  'fakeroot',
  'network',
  'postfuncs',
  'prefuncs',
  'umask',
];

function flagsOf(data: Datastore, task: string): readonly string[] {
  const flags = flagsThatCount.filter((flag) => data.rawFlag(task, flag) !== undefined);
  // All in an artifact has that time.
  const times = flags.includes('artifact') ? ['SOURCE_DATE_EPOCH'] : [];
  return [...flags.map((flag) => `${task}[${flag}]`), ...times];
}

/** Where BitBake's `exec_func` would call a function that is no task. */
function placesOf(data: Datastore, name: string): readonly string[] {
  if ((data.rawFlag(name, 'func') ?? '') === '') return [];
  return ['cleandirs', 'dirs']
    .filter((flag) => data.rawFlag(name, flag) !== undefined)
    .map((flag) => `${name}[${flag}]`);
}

const isPython = (data: Datastore, name: string): boolean => (data.rawFlag(name, 'python') ?? '') !== '';

/** Where the functions of a task start: without `[dirs]` in B, which is no matter where varve itself does all that is to be done. */
function startOf(data: Datastore, task: string): readonly string[] {
  const others = ['prefuncs', 'postfuncs'].flatMap((flag) => splitWords(data.flag(task, flag)));
  const isPlaced = (name: string): boolean =>
    splitWords(data.flag(name, 'dirs')).length > 0 || OWN_DEEDS.test(data.getRaw(name) ?? '');
  return [
    ...others.flatMap((name) => placesOf(data, name)),
    ...([task, ...others].every(isPlaced) ? [] : ['B']),
  ];
}

const OWN_DEEDS = /^(?:\s*varve\.\w+\(d\)\s*\n)*$/;

/** What is known of a datastore until something is written to it. */
interface Known {
  readonly generation: number;
  readonly ignore: string;
  dependencies(name: string): Dependencies;
  input(task: string, name: string): Input;
}

const memory = new WeakMap<Datastore, Known>();

function knownOf(data: Datastore, { ignore }: SignatureOptions): Known {
  const ignored = ignore === undefined ? (data.get('BB_BASEHASH_IGNORE_VARS') ?? '') : ignore.join(' ');
  const before = memory.get(data);
  if (before?.generation === data.generation() && before.ignore === ignored) return before;
  const known = learn(data, ignored);
  memory.set(data, known);
  return known;
}

function learn(data: Datastore, ignore: string): Known {
  const ignoredFlags = splitWords(data.get('BB_SIGNATURE_EXCLUDE_FLAGS'));
  const rules: Rules = {
    ignored: new Set(splitWords(ignore)),
    exported: data.exported(),
    ignoredFlags: ignoredFlags.length === 0 ? undefined : new Set(ignoredFlags),
    functions: withForcedValues(data),
  };
  const found = new Map<string, Dependencies>();
  const inputs = new Map<string, Input>();
  const known: Known = {
    generation: data.generation(),
    ignore,
    dependencies(name) {
      const before = found.get(name);
      if (before !== undefined) return before;
      const dependencies = directDependencies(data, name, rules);
      found.set(name, dependencies);
      return dependencies;
    },
    input(task, name) {
      const before = inputs.get(name);
      if (before !== undefined) return before;
      const input = {
        ...inputOf(data, name, known.dependencies(name)),
        ...(name === task ? { kind: 'task' as const } : {}),
      };
      inputs.set(name, input);
      return input;
    },
  };
  return known;
}

/** Values that hold something of the moment, such as a date, may be given others for finding what a text calls. */
function withForcedValues(data: Datastore): Datastore {
  const forced = splitWords(data.get('BB_HASH_CODEPARSER_VALS'));
  if (forced.length === 0) return data;
  const copy = data.copy();
  for (const one of forced) {
    const [name = '', ...value] = one.split('=');
    copy.set(name, value.join('='));
  }
  return copy;
}

function reachable(from: Iterable<string>, next: (name: string) => readonly string[]): Set<string> {
  const seen = new Set(from);
  // A set goes on over what is added while it is gone through.
  for (const name of seen) for (const other of next(name)) seen.add(other);
  return seen;
}

/** A name that is not set is there all the same: setting it would change the task. It stands for itself in texts. */
function inputOf(data: Datastore, name: string, { text, asked }: Dependencies): Input {
  const flag = flagNamed(name);
  const library = libraryFunction(data, name);
  if (library !== undefined) {
    return { kind: 'function', name, value: text ?? '', at: `${library.file}:${library.line}` };
  }
  const kind =
    flag !== undefined ? 'flag' : (data.rawFlag(name, 'func') ?? '') === '' ? 'variable' : 'function';
  const own = data.origins(flag?.name ?? name).filter((one) => one.flag === flag?.flag);
  return { kind, name, value: text ?? `\${${name}}`, ...inputOrigin(data, { own, asked }) };
}
