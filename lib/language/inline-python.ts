/** Evaluates the Python that most recipes get by with, without Python. */
import type { Datastore } from './datastore.ts';
import { callBuiltin, isBuiltin, iteratesOver } from './python-builtins.ts';
import { pythonFunctions } from './python-functions.ts';
import { callStringMethod } from './python-strings.ts';
import type { Comprehension, Expression } from './python-expression.ts';
import { applyBinary, applyUnary, holds } from './python-operators.ts';
import {
  BeyondFastPath,
  codePoints,
  isSequence,
  isTrue,
  iterate,
  list,
  PythonRaised,
  toSet,
  toText,
  typeName,
  type PythonValue,
} from './python-values.ts';

interface Scope {
  readonly data: Datastore;
  /** Names bound by a comprehension; undefined outside of any. Inside, variables cannot be had by their names. */
  readonly names: ReadonlyMap<string, PythonValue> | undefined;
}

/** Evaluates an expression; throws BeyondFastPath where Python must do it, PythonRaised where Python would raise. */
export function evaluatePython(expression: Expression, data: Datastore): PythonValue {
  return evaluate(expression, { data, names: undefined });
}

function evaluate(expression: Expression, scope: Scope): PythonValue {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'name':
      return named(expression.name, scope);
    case 'attribute':
      throw new BeyondFastPath(`.${expression.name}`);
    case 'call':
      return call(expression, scope);
    case 'index':
      return indexed(expression, scope);
    case 'slice':
      return sliced(
        evaluate(expression.object, scope),
        expression.parts.map((part) => slicePart(part, scope)),
      );
    case 'unary':
      return applyUnary(expression.operator, evaluate(expression.operand, scope));
    case 'binary':
      return applyBinary(
        expression.operator,
        evaluate(expression.left, scope),
        evaluate(expression.right, scope),
      );
    case 'logic':
      return logic(expression, scope);
    case 'compare':
      return compared(expression, scope);
    case 'choice':
      return evaluate(isTrue(evaluate(expression.condition, scope)) ? expression.yes : expression.no, scope);
    case 'sequence':
      return sequence(expression, scope);
    case 'comprehension':
      return comprehended(expression, scope);
    default:
      return expression satisfies never;
  }
}

function logic({ operator, left, right }: Extract<Expression, { kind: 'logic' }>, scope: Scope): PythonValue {
  const first = evaluate(left, scope);
  return isTrue(first) === (operator === 'or') ? first : evaluate(right, scope);
}

function sequence(expression: Extract<Expression, { kind: 'sequence' }>, scope: Scope): PythonValue {
  const items = expression.items.map((item) => evaluate(item, scope));
  return expression.of === 'set' ? toSet(items) : { kind: expression.of, items };
}

/** Names that Python itself or BitBake's modules take before a variable could. */
const modules: ReadonlySet<string> = new Set([
  'd',
  'bb',
  'oe',
  'os',
  'sys',
  're',
  'varve',
  'time',
  'string',
  'json',
]);

function named(name: string, { data, names }: Scope): PythonValue {
  const bound = names?.get(name);
  if (bound !== undefined) return bound;
  if (names !== undefined || modules.has(name) || isBuiltin(name)) throw new BeyondFastPath(name);
  if (data.rawFlag(name, 'func') !== undefined) throw new BeyondFastPath(name);
  const value = valueOf(data, name, true);
  if (value === null) throw new BeyondFastPath(name);
  return value;
}

/** What is no text is Python's, and so are the lists that BitBake keeps under such names. */
function valueOf(data: Datastore, name: string, expand: boolean): string | null {
  const value = name.startsWith('_') ? { code: name } : data.value(name, { expand });
  if (typeof value === 'object') throw new BeyondFastPath(name);
  return value ?? null;
}

type Call = Extract<Expression, { kind: 'call' }>;

function call(expression: Call, scope: Scope): PythonValue {
  const { callee, args, keywords } = expression;
  const dotted = dottedName(callee, scope);
  if (dotted?.startsWith('d.') === true) return callDatastore(dotted.slice(2), expression, scope);
  if (dotted !== undefined && modules.has(dotted.split('.')[0] ?? '')) {
    return callModule(dotted, expression, scope);
  }
  if (keywords.size > 0) throw new BeyondFastPath('named arguments');
  if (args.some((arg) => isGenerator(arg)) && !takesGenerator(callee))
    throw new BeyondFastPath('a generator');
  if (callee.kind === 'name') {
    const { name } = callee;
    if (scope.names?.has(name) === true || scope.data.rawFlag(name, 'func') !== undefined)
      throw new BeyondFastPath(name);
    return callBuiltin(
      name,
      args.map((arg) => evaluate(arg, scope)),
    );
  }
  if (callee.kind !== 'attribute') throw new BeyondFastPath('an unusual call');
  const self = evaluate(callee.object, scope);
  if (self === null) {
    throw new PythonRaised('AttributeError', `'NoneType' object has no attribute '${callee.name}'`);
  }
  if (typeof self !== 'string') throw new BeyondFastPath(`a method of ${typeName(self)}`);
  return callStringMethod(
    self,
    callee.name,
    args.map((arg) => evaluate(arg, scope)),
  );
}

function callModule(name: string, { args, keywords }: Call, scope: Scope): PythonValue {
  const known = pythonFunctions.get(name);
  if (known === undefined || keywords.size > 0 || args.some((arg) => isGenerator(arg)))
    throw new BeyondFastPath(name);
  const [least, most] = known.takes;
  const d = args.findIndex((arg) => isDatastore(arg, scope));
  if (args.length < least || args.length > most || d !== (known.d ?? -1)) throw new BeyondFastPath(name);
  return known.call(
    args.map((arg, index) => (index === d ? null : evaluate(arg, scope))),
    scope.data,
  );
}

function isDatastore(expression: Expression, { names }: Scope): boolean {
  return expression.kind === 'name' && expression.name === 'd' && names?.has('d') !== true;
}

function isGenerator(expression: Expression): boolean {
  return expression.kind === 'comprehension' && expression.of === 'generator';
}

function takesGenerator(callee: Expression): boolean {
  if (callee.kind === 'attribute') return callee.name === 'join';
  return callee.kind === 'name' && iteratesOver(callee.name);
}

/** `bb.utils.contains`, unless its first part is bound to a value. */
function dottedName(expression: Expression, scope: Scope): string | undefined {
  if (expression.kind === 'name')
    return scope.names?.has(expression.name) === true ? undefined : expression.name;
  if (expression.kind !== 'attribute') return undefined;
  const before = dottedName(expression.object, scope);
  return before === undefined ? undefined : `${before}.${expression.name}`;
}

function callDatastore(name: string, { args, keywords }: Call, scope: Scope): PythonValue {
  const [first, second, third] = args.map((arg) => evaluate(arg, scope));
  const { data } = scope;
  const asked = keywords.get('expand');
  if (typeof first !== 'string' || keywords.size > (asked === undefined ? 0 : 1))
    throw new BeyondFastPath(`d.${name}`);
  const expands = (positional: PythonValue | undefined): boolean =>
    isTrue(asked === undefined ? (positional ?? positional !== null) : evaluate(asked, scope));
  const most = asked === undefined ? args.length : args.length + 1;
  if (name === 'getVar' && most <= 2) return valueOf(data, first, expands(second));
  if (name === 'expand' && most === 1) return data.expand(first);
  if (name !== 'getVarFlag' || most > 3 || typeof second !== 'string' || /^(?:deps$|_|$)/.test(second))
    throw new BeyondFastPath(`d.${name}`);
  const value = data.flagValue(first, second, { expand: expands(third) });
  if (typeof value === 'object') throw new BeyondFastPath(`d.${name}`);
  return value ?? null;
}

function indexed({ object, index }: Extract<Expression, { kind: 'index' }>, scope: Scope): PythonValue {
  const at = evaluate(index, scope);
  if (object.kind === 'call' && dottedName(object.callee, scope) === 'os.uname') {
    const machine = scope.data.environment.host?.machine;
    if (at !== 4 || machine === undefined) throw new BeyondFastPath('os.uname');
    return machine;
  }
  const value = evaluate(object, scope);
  if (typeof at !== 'number' && typeof at !== 'boolean') throw new BeyondFastPath('an unusual index');
  const items = itemsInOrder(value);
  const found = items.at(Number(at));
  if (found === undefined) {
    throw new PythonRaised(
      'IndexError',
      `${typeof value === 'string' ? 'string' : typeName(value)} index out of range`,
    );
  }
  return found;
}

function slicePart(part: Expression | undefined, scope: Scope): number | undefined {
  const value = part === undefined ? null : evaluate(part, scope);
  if (value === null) return undefined;
  if (typeof value !== 'number') throw new BeyondFastPath('an unusual slice');
  return value;
}

function sliced(value: PythonValue, [from, to, step = 1]: readonly (number | undefined)[]): PythonValue {
  const items = itemsInOrder(value);
  let kept: readonly PythonValue[];
  if (step === 1) kept = items.slice(from, to);
  else if (step === -1 && from === undefined && to === undefined) kept = items.toReversed();
  else throw new BeyondFastPath('an unusual slice');
  return isSequence(value) ? { kind: value.kind, items: kept } : kept.map(toText).join('');
}

/** What can be had by its position. */
function itemsInOrder(value: PythonValue): readonly PythonValue[] {
  if (typeof value === 'string') return codePoints(value);
  if (isSequence(value) && value.kind !== 'set') return value.items;
  throw new PythonRaised('TypeError', `'${typeName(value)}' object is not subscriptable`);
}

function compared({ first, rest }: Extract<Expression, { kind: 'compare' }>, scope: Scope): boolean {
  let left = evaluate(first, scope);
  for (const { operator, operand } of rest) {
    const right = evaluate(operand, scope);
    if (!holds(operator, left, right)) return false;
    left = right;
  }
  return true;
}

function comprehended(
  { of, element, targets, source, conditions }: Comprehension,
  scope: Scope,
): PythonValue {
  const items: PythonValue[] = [];
  // The first source is looked for outside.
  for (const item of iterate(evaluate(source, scope))) {
    const bound = targets.length === 1 ? [item] : iterate(item);
    if (bound.length !== targets.length)
      throw new PythonRaised('ValueError', 'wrong number of values to unpack');
    const names = new Map(scope.names ?? []);
    for (const [index, target] of targets.entries()) names.set(target, bound[index] ?? null);
    const inner: Scope = { data: scope.data, names };
    if (conditions.every((condition) => isTrue(evaluate(condition, inner))))
      items.push(evaluate(element, inner));
  }
  return of === 'set' ? toSet(items) : list(items);
}
