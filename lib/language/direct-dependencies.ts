/** What one variable, function or flag brings into a signature: its text, and the names that the text uses. */
import type { Datastore, Expanded } from './datastore.ts';
import { evaluateInline } from './evaluate-inline.ts';
import { answeredInSignatures } from './python-functions.ts';
import { libraryFunction, type LibraryFunction } from './library-functions.ts';
import { splitWords } from './python-values.ts';
import { scanPython, type PythonReferences } from './scan-python.ts';
import { scanShell } from './scan-shell.ts';
import { byCodeUnit } from '../terms/ids.ts';

export interface Dependencies {
  /** The text as it enters the signature, not expanded; undefined: not set. */
  readonly text: string | undefined;
  /** Variables and functions that it names, and flags as `NAME[flag]`; ignored ones left out. */
  readonly names: ReadonlySet<string>;
  /** Exported variables, since it runs programs: a shell function does, and a Python function may. Ignored ones left out. */
  readonly environment: { readonly of: 'shell' | 'python'; readonly names: ReadonlySet<string> } | undefined;
  /** Variables of which only answers are in the text: not among the names, and yet a part of where it comes from. */
  readonly asked: ReadonlySet<string>;
}

export interface Rules {
  /** Names that enter no signature: BB_BASEHASH_IGNORE_VARS. */
  readonly ignored: ReadonlySet<string>;
  /** They are in the environment of every task. */
  readonly exported: readonly string[];
  /** Flags that enter no signature: BB_SIGNATURE_EXCLUDE_FLAGS; undefined: none does unless it is named. */
  readonly ignoredFlags: ReadonlySet<string> | undefined;
  /** Expands the texts of functions: as the datastore, with the values of BB_HASH_CODEPARSER_VALS. */
  readonly functions: Datastore;
}

type Gathered = Omit<Dependencies, 'text'>;

interface Gathering {
  readonly data: Datastore;
  readonly rules: Rules;
  /** Of `[vardepsexclude]`. */
  readonly excluded: ReadonlySet<string>;
  readonly names: Set<string>;
  readonly asked: Set<string>;
  text: string;
}

/** Finds what a name brings. Everything is found as BitBake finds it. */
export function directDependencies(data: Datastore, name: string, rules: Rules): Dependencies {
  const flag = flagNamed(name);
  if (flag !== undefined) return flagDependencies(data, flag, rules);
  const library = libraryFunction(data, name);
  if (library !== undefined) return libraryDependencies(data, { name, library }, rules);
  const excluded = new Set(splitWords(data.flag(name, 'vardepsexclude')));
  const raw = data.getRaw(name);
  const gathering: Gathering = { data, rules, excluded, names: new Set(), asked: new Set(), text: raw ?? '' };
  const fixed = data.flag(name, 'vardepvalue');
  if (fixed !== undefined) gathering.text = fixed;
  else if (isFunction(data, name)) gatherFunction(gathering, name);
  else gatherExpanded(gathering, data.trace(name));
  for (const cut of splitCuts(data.rawFlag(name, 'vardepvalueexclude'))) {
    gathering.text = gathering.text.replaceAll(cut, '');
  }
  for (const other of [...flagsInSignature(data, name, rules), ...splitWords(data.flag(name, 'vardeps'))]) {
    gathering.names.add(other);
  }
  const known = fixed !== undefined || raw !== undefined || gathering.text !== '';
  const runs = fixed === undefined ? runsPrograms(data, name) : undefined;
  return { text: known ? gathering.text : undefined, ...gathered(gathering, runs) };
}

/** What `NAME[flag]` names; undefined: it is the name of a variable or function. */
export function flagNamed(name: string): { readonly name: string; readonly flag: string } | undefined {
  const found = name.endsWith(']') ? /^(.*)\[([^[\]]*)\]$/s.exec(name) : null;
  return found === null ? undefined : { name: found[1] ?? '', flag: found[2] ?? '' };
}

function flagsInSignature(data: Datastore, name: string, { ignoredFlags }: Rules): readonly string[] {
  if (ignoredFlags === undefined) return [];
  return data
    .allFlagNames(name)
    .filter((flag) => !ignoredFlags.has(flag))
    .map((flag) => `${name}[${flag}]`);
}

function splitCuts(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split('|').filter((cut) => cut !== '');
}

function gathered({ names, asked, excluded, rules }: Gathering, runs?: 'shell' | 'python'): Gathered {
  const kept = (all: Iterable<string>): ReadonlySet<string> =>
    new Set([...all].filter((name) => !excluded.has(name) && !rules.ignored.has(name)));
  const environment = runs === undefined ? undefined : { of: runs, names: kept(rules.exported) };
  return { names: kept(names), environment, asked };
}

/** What sees the exported variables; undefined: it is no function, or Python that starts no program and asks for none. */
function runsPrograms(data: Datastore, name: string): 'shell' | 'python' | undefined {
  if (!isFunction(data, name)) return undefined;
  if ((data.rawFlag(name, 'python') ?? '') === '') return 'shell';
  return STARTS_PROGRAMS.test(data.getRaw(name) ?? '') ? 'python' : undefined;
}

const STARTS_PROGRAMS =
  /\b(?:subprocess|os\.(?:system|popen|exec\w+|spawn\w+|posix_spawnp?|environb?|getenvb?)|bb\.process|oe\.utils\.execute|getstatusoutput)\b/;

function flagDependencies(
  data: Datastore,
  { name, flag }: { readonly name: string; readonly flag: string },
  rules: Rules,
): Dependencies {
  // What is to be cut out of a text must not come in by another way.
  if (flag === 'vardepvalueexclude')
    return { text: '', names: new Set(), environment: undefined, asked: new Set() };
  const traced = data.trace(name, flag);
  const gathering: Gathering = {
    data,
    rules,
    excluded: new Set(),
    names: new Set(traced.references),
    asked: new Set(),
    text: '',
  };
  for (const code of traced.expressions) {
    const found = scanPython(data.environment, code);
    for (const read of found.reads) gathering.names.add(read);
    noteCalls(gathering, found);
  }
  return { text: data.rawFlag(name, flag), ...gathered(gathering) };
}

/** A function of a layer's package: its text, what that reads and calls, and what its decorators say. */
function libraryDependencies(
  data: Datastore,
  { name, library }: { readonly name: string; readonly library: LibraryFunction },
  rules: Rules,
): Dependencies {
  const { text, module, siblings } = library;
  const found = scanPython(data.environment, text);
  const calls = [...found.calls].map((call) => (siblings.has(call) ? `${module}.${call}` : call));
  const reads = [...found.reads, ...decorated(text, 'vardeps')];
  const excluded = new Set([
    ...decorated(text, 'vardepsexclude'),
    ...splitWords(data.flag(name, 'vardepsexclude')),
  ]);
  const gathering: Gathering = { data, rules, excluded, names: new Set(reads), asked: new Set(), text };
  noteCalls(gathering, { ...found, calls: new Set(calls) });
  spellOut(gathering, found.contains);
  // A function that calls itself is no more than itself.
  gathering.names.delete(name);
  return { text: gathering.text, ...gathered(gathering, STARTS_PROGRAMS.test(text) ? 'python' : undefined) };
}

function decorated(text: string, decorator: string): readonly string[] {
  const said = [...text.matchAll(new RegExp(`^@bb\\.parse\\.${decorator}\\(([^)]*)\\)`, 'gm'))];
  return said.flatMap(([, names = '']) =>
    [...names.matchAll(/["']([^"']*)["']/g)].map(([, one = '']) => one),
  );
}

function isFunction(data: Datastore, name: string): boolean {
  return (data.rawFlag(name, 'func') ?? '') !== '';
}

function gatherFunction(gathering: Gathering, name: string): void {
  const { data, names, rules } = gathering;
  if ((data.rawFlag(name, 'python') ?? '') !== '') {
    const found = scanPython(data.environment, gathering.text);
    for (const read of found.reads) names.add(read);
    noteCalls(gathering, found);
    spellOut(gathering, found.contains);
  } else {
    const traced = rules.functions.trace(name);
    for (const command of scanShell(data.environment, traced.value ?? ''))
      if (data.has(command)) names.add(command);
    gatherExpanded(gathering, traced);
  }
  for (const flag of ['prefuncs', 'postfuncs', 'exports']) {
    for (const other of splitWords(data.flag(name, flag))) names.add(other);
  }
}

/** Takes in what a text refers to; what it asks of variables in Python is spelled out with the answer. */
function gatherExpanded(gathering: Gathering, { references, expressions, removed }: Expanded): void {
  const { data, names } = gathering;
  for (const name of references) names.add(name);
  gatherExpressions(gathering, expressions);
  for (const text of [...removed].sort(byCodeUnit)) {
    gathering.text += `\n_remove of ${text}`;
    const traced = data.traceText(text);
    for (const name of traced.references) names.add(name);
    gatherExpressions(gathering, traced.expressions);
  }
}

function gatherExpressions(gathering: Gathering, expressions: readonly string[]): void {
  if (expressions.length === 0) return;
  const contains = new Map<string, Set<string>>();
  const answered = new Set<string>();
  for (const code of expressions) {
    const found = scanPython(gathering.data.environment, code);
    for (const read of found.reads) gathering.names.add(read);
    noteCalls(gathering, found);
    for (const [variable, items] of found.contains) {
      contains.set(variable, new Set([...(contains.get(variable) ?? []), ...items]));
    }
    for (const call of found.calls) {
      const about = answeredInSignatures.get(call);
      if (about === undefined) continue;
      answered.add(code);
      gathering.asked.add(about);
    }
  }
  spellOut(gathering, contains);
  for (const code of [...answered].sort(byCodeUnit)) {
    gathering.text += `\n${code.trim()} = ${evaluateInline(gathering.data, code, () => ({})) ?? ''}`;
  }
}

function noteCalls({ data, names }: Gathering, { calls }: PythonReferences): void {
  for (const call of calls) {
    if (data.has(call) || libraryFunction(data, call) !== undefined) names.add(call);
  }
}

/** A variable of which only some words are asked enters with the answers, so that other words of it change nothing. */
function spellOut(gathering: Gathering, contains: ReadonlyMap<string, ReadonlySet<string>>): void {
  const { data, excluded, rules } = gathering;
  for (const variable of [...contains.keys()].sort(byCodeUnit)) {
    if (excluded.has(variable) || rules.ignored.has(variable)) continue;
    gathering.asked.add(variable);
    const has = new Set(splitWords(data.get(variable)));
    for (const item of [...(contains.get(variable) ?? [])].sort(byCodeUnit)) {
      const set = splitWords(item).every((word) => has.has(word));
      gathering.text += `\n${variable}{${item}} = ${set ? 'Set' : 'Unset'}`;
    }
  }
}
