/** What a changed input is to a person: the variable that was asked, the answer, the patch without its number. */
import type { InputKind } from '../terms/inputs.ts';
import type { InputChange } from './compare-inputs.ts';

export type CauseKind =
  | 'variable'
  | 'function'
  | 'file'
  | 'source'
  | 'dependency'
  | 'hosttool'
  | 'edited'
  | 'task-added'
  | 'task-removed';

/** One thing that changed, as it is told. */
export interface NamedChange {
  readonly kind: CauseKind;
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
  readonly at?: string;
  readonly was?: string;
  /** Of a dependency: it came out otherwise, although nothing that it is made from did. */
  readonly sameInputs?: true;
}

/** Names what changed with the inputs of a task: of one, several things where a text held several answers. */
export function nameChanges(changes: readonly InputChange[]): readonly NamedChange[] {
  const isFirst = changes.some((change) => change.kind === 'source' && !isRenumbered(change));
  return changes.filter((change) => !(isFirst && isRenumbered(change))).flatMap(nameChange);
}

function nameChange(change: InputChange): readonly NamedChange[] {
  const { kind, name, from, to } = change;
  if (kind === 'variable' || kind === 'function' || kind === 'task') return changesOfText(change);
  if (isPatchFile(change)) return [named(change, 'file', name, [patchOf(from), patchOf(to)])];
  return [named(change, causeKind(kind), name, [from, to])];
}

/** The same patch is applied as another one of the row: since one came or went, or since they changed places. */
function isRenumbered({ from, to }: InputChange): boolean {
  return patchOf(from) !== undefined && patchOf(from) === patchOf(to);
}

/** A patch that is a local file came, went or has other content. */
function isPatchFile(change: InputChange): boolean {
  const isPatch = (value: string | undefined): boolean => value === undefined || patchOf(value) !== undefined;
  return change.kind === 'source' && isPatch(change.from) && isPatch(change.to) && !isRenumbered(change);
}

/** The content of a patch that is a local file: without its place among the patches. */
function patchOf(value: string | undefined): string | undefined {
  return /^patch \d+ (sha256:\w+ \d+)$/.exec(value ?? '')?.[1];
}

function named(
  { at, was }: InputChange,
  kind: CauseKind,
  name: string,
  values: readonly [string | undefined, string | undefined],
): NamedChange {
  // What is not set stands for itself in a signature.
  const [from, to] = answersOf(values.map((value) => (value === `\${${name}}` ? undefined : value)));
  return {
    kind,
    name,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(at === undefined ? {} : { at }),
    ...(was === undefined ? {} : { was }),
  };
}

/** What values came to; as they are where that is the same. */
function answersOf(values: readonly (string | undefined)[]): readonly (string | undefined)[] {
  const answers = values.map(answerOf);
  return answers.every((answer) => answer === answers[0]) ? values : answers;
}

/** What a value came to that is one expression, and holds the answer to it. */
function answerOf(value: string | undefined): string | undefined {
  const [, expression, call, answer] = /^\$\{@(.*)\}\n(.*) = (.*)$/.exec(value ?? '') ?? [];
  return expression !== undefined && expression === call ? answer : value;
}

/**
 * A text may end with answers, a line each: `DISTRO_FEATURES{pam} = Set`, `bb.parse.vars_from_file(…)[1] = 1.2`.
 * Where only these differ, they are what changed.
 */
function changesOfText(change: InputChange): readonly NamedChange[] {
  const whole = named(change, causeKind(change.kind), change.name, [change.from, change.to]);
  const [old, now] = [linesOf(change.from), linesOf(change.to)];
  if (old.length !== now.length) return [whole];
  const pairs = old.map((line, i) => [line, now[i] ?? ''] as const).filter(([a, b]) => a !== b);
  const answers = pairs.map(
    ([a, b]) => asked(a, b) ?? (change.kind === 'variable' ? called(a, b) : undefined),
  );
  if (answers.length === 0 || answers.some((each) => each === undefined)) return [whole];
  return answers.flatMap((each) =>
    each === undefined
      ? []
      : [named(change, causeKind(change.kind), each.variable ?? change.name, [each.from, each.to])],
  );
}

interface Answer {
  /** The variable that was asked; absent where the text asked a function. */
  readonly variable?: string;
  readonly from: string;
  readonly to: string;
}

function asked(from: string, to: string): Answer | undefined {
  const [, variable, item] = /^([^\s{}]+)\{(.+)\} = (?:Set|Unset)$/.exec(from) ?? [];
  if (variable === undefined || !to.startsWith(`${variable}{${item}} = `)) return undefined;
  const told = (line: string): string => `${line.endsWith(' = Set') ? 'with' : 'without'} ${item}`;
  return { variable, from: told(from), to: told(to) };
}

function called(from: string, to: string): Answer | undefined {
  const [, call, old] = /^(.*\(.*\).*?) = (.*)$/.exec(from) ?? [];
  if (call === undefined || old === undefined || !to.startsWith(`${call} = `)) return undefined;
  return { from: old, to: to.slice(`${call} = `.length) };
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split('\n');
}

function causeKind(kind: InputKind): CauseKind {
  switch (kind) {
    case 'task':
    case 'function':
      return 'function';
    case 'variable':
    case 'flag':
      return 'variable';
    case 'after':
    case 'produced':
    case 'artifact':
      return 'dependency';
    case 'file':
    case 'source':
    case 'hosttool':
    case 'edited':
      return kind;
    default:
      return kind satisfies never;
  }
}
