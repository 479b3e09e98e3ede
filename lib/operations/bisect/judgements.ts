/** What commands said of trees, kept in the record: who begins a search again, or another one, runs nothing twice. */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { errorCode } from '../../artifacts/write-aside.ts';
import type { Answer } from '../../planning/bisect-stepper.ts';
import type { World } from '../../ports/world.ts';
import { judgementsPath, type Places } from '../../terms/places.ts';
import type { NamedTree } from './named-tree.ts';

export interface Judgement {
  readonly answer: Answer;
  /** The exit status. */
  readonly status: number;
}

/** The judgements of one command. */
export interface Judgements {
  find(tree: NamedTree): Judgement | undefined;
  keep(tree: NamedTree, judgement: Judgement): void;
}

export interface JudgementsOf {
  readonly command: readonly string[];
  /** Passes over what is known: the command is to run anew. */
  readonly again: boolean;
}

/**
 * Opens the judgements of a command. Programs of the host that it names are a part of it, so that a script may be mended; and
 * a command that asks which build or task it looks at is asked again for each.
 */
export function openJudgements(world: World, places: Places, { command, again }: JudgementsOf): Judgements {
  const programs = programsNamed(world, command);
  const asksWhere = [...command, ...programs].some((text) => text.includes('VARVE_'));
  const path = judgementsPath(places, keyOf(command, programs));
  const known = new Map(again ? [] : readLines(world, path));
  return {
    find: (tree) => known.get(nameOf(tree, asksWhere)),
    keep(tree, judgement) {
      const name = nameOf(tree, asksWhere);
      known.set(name, judgement);
      append(world, path, { command, line: { tree: name, ...judgement } });
    },
  };
}

/** Absolute paths that stand in the words, alone or in a script, and lead to programs: their contents. */
function programsNamed({ fs }: World, command: readonly string[]): readonly Buffer[] {
  const paths = command.flatMap((word) => word.match(/(?<![^\s'"`=(;|&<>])\/[^\s'"`;|&()<>$]+/g) ?? []);
  return paths.flatMap((path) => {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile() !== true) return [];
    try {
      const content = fs.readFileSync(path);
      // What it may write to as well, a list or a counter, tells nothing of what it asks.
      const isProgram = (stat.mode & 0o111) !== 0 || content.subarray(0, 2).toString() === '#!';
      return isProgram ? [content] : [];
    } catch {
      // Who may run it but not read it cannot have changed it either.
      return [];
    }
  });
}

function keyOf(command: readonly string[], programs: readonly Buffer[]): string {
  const hash = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
  return hash(JSON.stringify([command, programs.map(hash)]));
}

/** The tree as the command sees it. */
function nameOf({ resolved: { tree, top }, told }: NamedTree, asksWhere: boolean): string {
  const seen = top === '' ? tree : `${tree}:${top}`;
  return asksWhere ? [seen, ...Object.values(told)].join(' ') : seen;
}

/** A line that was cut off is none. */
function readLines({ fs }: World, path: string): readonly (readonly [string, Judgement])[] {
  if (!fs.existsSync(path)) return [];
  return fs
    .readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text) => {
      const line = /^\{"tree":"([^"]+)","answer":"(good|bad|skip)","status":(\d+)\}$/;
      const [, tree, answer, status] = line.exec(text) ?? [];
      return tree === undefined
        ? []
        : [[tree, { answer: answer as Answer, status: Number(status) }] as const];
    });
}

function append(
  { fs }: World,
  path: string,
  { command, line }: { readonly command: readonly string[]; readonly line: object },
): void {
  try {
    fs.mkdirSync(dirname(path), { recursive: true });
    const head = fs.existsSync(path) ? '' : JSON.stringify({ command });
    // Each begins with the line's end, which the one before may lack.
    fs.appendFileSync(path, `${head}\n${JSON.stringify(line)}`);
  } catch (error) {
    // In a record that may only be read nothing is remembered.
    if (errorCode(error) === undefined) throw error;
  }
}
