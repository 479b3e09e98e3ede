/** Replaces `${NAME}` and `${@python}` until nothing is left to replace. */
import { VarveError, type Place } from '../terms/varve-error.ts';
import { evaluateInline } from './evaluate-inline.ts';
import { lookUp, type State } from './state.ts';
import { placeOfSpot } from './reading.ts';
import type { Spot } from './statements.ts';

export interface ExpandedText {
  readonly value: string;
  readonly references: readonly string[];
  readonly expressions: readonly string[];
}

export interface About {
  /** The variable, or `NAME[flag]`, whose value this is. */
  readonly name?: string;
  /** The statement that wants it, where it is no variable's value. */
  readonly where?: Spot;
}

const reference = /\$\{[a-zA-Z0-9\-_+./~:]+\}/g;
const inlinePython = /\$\{@(?:\{.*?\}|.)+?\}/g;
const nothing: readonly string[] = [];

/** Expands a text. A reference to what is not set is left as it stands. */
export function expandText(state: State, text: string, about: About): ExpandedText {
  if (!text.includes('${')) return { value: text, references: nothing, expressions: nothing };
  const { name } = about;
  if (name === undefined) return expandWhole(state, text, about);
  if (state.expanding.includes(name)) throw circle(state, name);
  state.expanding.push(name);
  try {
    return expandWhole(state, text, about);
  } finally {
    state.expanding.pop();
  }
}

function expandWhole(state: State, text: string, about: About): ExpandedText {
  const references: string[] = [];
  const expressions: string[] = [];
  let value = text;
  for (let round = 1; value.includes('${'); round++) {
    if (round > mostRounds || value.length > longest) throw endless(state, about);
    const before = value;
    let length = value.length;
    value = value.replace(reference, (match) => {
      const name = match.slice(2, -1);
      if (!references.includes(name)) references.push(name);
      if (name === about.name) throw circle(state, name);
      const { value, foreign } = state.data.trace(name);
      if (foreign?.text !== undefined) throw noText(state, { name, text: foreign.text }, about);
      length += value?.length ?? 0;
      if (length > longest) throw endless(state, about);
      return value ?? match;
    });
    if (value.includes('${@')) value = expandPython(state, value, { about, expressions });
    if (value === before) break;
  }
  return { value, references, expressions };
}

/** What references and Python answer may hold references again, and so on: this must come to an end. */
const mostRounds = 200;
/** No value of metadata comes near it, in code units. */
const longest = 50_000_000;

function endless(state: State, { name, where }: About): VarveError {
  const place = where === undefined ? originOf(state, name ?? '') : placeOfSpot(where);
  return new VarveError('metadata', `${name ?? 'a text'} grows beyond all bounds when it is expanded`, {
    ...(place === undefined ? {} : { place }),
    hints: ['something in it brings its own text in, again and again'],
  });
}

/** Where one expression ends inside a string, as a `}` in quotes makes it, BitBake leaves all of them as they stand. */
function expandPython(
  state: State,
  text: string,
  { about, expressions }: { readonly about: About; readonly expressions: string[] },
): string {
  let result = '';
  let end = 0;
  for (const match of text.matchAll(inlinePython)) {
    const code = match[0].slice(3, -1);
    result += text.slice(end, match.index);
    end = match.index + match[0].length;
    if (code.search(reference) >= 0) {
      result += match[0];
      continue;
    }
    const value = evaluateInline(state.data, code, () => placeOf(state, about));
    if (value === undefined) return text;
    expressions.push(code);
    result += value;
  }
  return result + text.slice(end);
}

function placeOf(state: State, { name, where }: About): { readonly of?: string; readonly place?: Place } {
  if (where !== undefined) return { place: placeOfSpot(where) };
  const of = name ?? state.expanding.at(-1);
  if (of === undefined) return {};
  const origin = originOf(state, of);
  return { of, ...(origin === undefined ? {} : { place: origin }) };
}

function noText(
  state: State,
  { name, text }: { readonly name: string; readonly text: string },
  about: About,
): VarveError {
  const { place } = placeOf(state, about);
  return new VarveError(
    'metadata',
    `${name} is ${text}, which is no text that could stand for \${${name}}`,
    place === undefined ? {} : { place },
  );
}

function originOf(state: State, name: string): Place | undefined {
  const bracket = name.endsWith(']') ? name.indexOf('[') : -1;
  const [variable, flag] = bracket < 0 ? [name] : [name.slice(0, bracket), name.slice(bracket + 1, -1)];
  const origin = lookUp(state, variable)?.origins.findLast((one) => one.flag === flag);
  return origin === undefined ? undefined : { file: origin.file, line: origin.line };
}

function circle(state: State, name: string): VarveError {
  const from = state.expanding.indexOf(name);
  const way = [...state.expanding.slice(Math.max(0, from)), name];
  const origin = originOf(state, name);
  const place = origin === undefined ? {} : { place: { ...origin, about: `\${${way[1] ?? name}}` } };
  const steps = way.length > 2 ? `: ${way.join(' -> ')}` : '';
  return new VarveError('metadata', `${name} refers to itself${steps}`, place);
}
