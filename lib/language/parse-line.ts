/** Reads one line, continuations joined, that both grammars know. */
import { VarveError } from '../terms/varve-error.ts';
import type { Environment } from './environment.ts';
import { explainLine } from './explain-line.ts';
import type { Grammar } from './parse-file.ts';
import { placeOfSpot } from './reading.ts';
import type { Assignment, Operator, Spot, Statement } from './statements.ts';

const anyAssignment =
  /^(?<exported>export\s+)?(?<name>[a-zA-Z0-9\-_+.${}/~:]*?)(?:\[(?<flag>[a-zA-Z0-9\-_+.][a-zA-Z0-9\-_+.@/]*)\])?(?<before>\s*)(?<operator>:=|\?\?=|\?=|\+=|=\+|=\.|\.=|=)(?<after>\s*)(?!'[^']*'[^']*'$)(?!"[^"]*"[^"]*"$)(?<quote>['"])(?<value>.*)\k<quote>$/s;
/** What most lines are, and quicker to read: white space around the operator, no quote within the value. */
const plainAssignment =
  /^([a-zA-Z0-9\-_+.${}/~:]+)(?:\[([a-zA-Z0-9\-_+.][a-zA-Z0-9\-_+.@/]*)\])? ([:?+.]?=|\?\?=|=[+.]) "([^"]*)"$/;
const exportName = /^export\s+([a-zA-Z0-9\-_+.${}/~]+)$/;
const unsetName = /^unset\s+([a-zA-Z0-9\-_+.${}/~]+)$/;
const unsetFlag = /^unset\s+([a-zA-Z0-9\-_+.${}/~]+)\[([a-zA-Z0-9\-_+.][a-zA-Z0-9\-_+.@]+)\]$/;

export interface LineContext {
  readonly grammar: Grammar;
  readonly warn: Environment['warn'];
}

/** Reads a line; throws where it is no statement. */
export function parseCommonLine(text: string, spot: Spot, context: LineContext): Statement {
  const statement =
    assign(text, spot, context.warn) ?? include(text, spot) ?? name(text, spot) ?? rest(text, spot, context);
  if (statement !== undefined) return statement;
  const { about, hints } = explainLine(text, context.grammar);
  throw new VarveError('metadata', 'this line is no statement of the BitBake language', {
    place: placeOfSpot(spot, about),
    hints: [...joined(spot), ...hints],
  });
}

/** One `\` too many is seen least where it stands. */
function joined({ line, lastLine }: Spot): readonly string[] {
  if (line === lastLine) return [];
  return [
    `lines ${line} to ${lastLine} are one statement: a "\\" at the end of a line joins the next one to it`,
  ];
}

function assign(text: string, spot: Spot, warn: Environment['warn']): Statement | undefined {
  const plain = plainAssignment.exec(text);
  if (plain !== null) {
    const [, name = '', flag, operator = '', value = ''] = plain;
    return assignment(spot, { name, flag, operator, value, exported: false });
  }
  const groups = anyAssignment.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { name = '', flag, operator = '', value = '', exported, before, after } = groups;
  if (name === '') {
    throw new VarveError('metadata', 'this assignment has no name on its left', {
      place: placeOfSpot(spot),
    });
  }
  if (before === '' || after === '') {
    warn(`there is no white space around the "${operator}" of ${name}`, placeOfSpot(spot));
  }
  return assignment(spot, { name, flag, operator, value, exported: exported !== undefined });
}

interface AssignmentParts extends Pick<Assignment, 'name' | 'value' | 'exported'> {
  readonly flag: string | undefined;
  readonly operator: string;
}

function assignment(
  { file, line, lastLine }: Spot,
  { name, flag, operator, value, exported }: AssignmentParts,
): Assignment {
  const statement = {
    file,
    line,
    lastLine,
    kind: 'assign',
    name,
    operator: operator as Operator,
    value,
    exported,
  } as const;
  return flag === undefined ? statement : { ...statement, flag };
}

function include(text: string, spot: Spot): Statement | undefined {
  const match = /^(include|require|include_all)\s+(.+)/.exec(text);
  if (match === null) return undefined;
  const how = match[1] as 'include' | 'require' | 'include_all';
  return { ...spot, kind: 'include', how, what: match[2] ?? '' };
}

function name(text: string, spot: Spot): Statement | undefined {
  const exported = exportName.exec(text);
  if (exported !== null) return { ...spot, kind: 'export', name: exported[1] ?? '' };
  const unset = unsetName.exec(text);
  if (unset !== null) return { ...spot, kind: 'unset', name: unset[1] ?? '' };
  const flag = unsetFlag.exec(text);
  if (flag !== null) return { ...spot, kind: 'unset-flag', name: flag[1] ?? '', flag: flag[2] ?? '' };
  return undefined;
}

function rest(text: string, spot: Spot, { grammar }: LineContext): Statement | undefined {
  const library = /^addpylib\s+(.+)\s+(.+)/.exec(text);
  if (library !== null && grammar === 'configuration') {
    return { ...spot, kind: 'addpylib', directory: library[1] ?? '', namespace: library[2] ?? '' };
  }
  return /^addfragments\s+(.+)\s+(.+)\s+(.+)\s+(.+)/.test(text)
    ? { ...spot, kind: 'addfragments' }
    : undefined;
}
