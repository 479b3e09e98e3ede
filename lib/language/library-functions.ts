/** Functions of layers' own Python packages, as far as signatures need them: found in the text, without Python. */
import { join } from 'node:path/posix';
import type { Library } from './bookkeeping.ts';
import type { Datastore } from './datastore.ts';
import { memoryOf, type Environment } from './environment.ts';
import { pythonTokens } from './python-tokens.ts';

export interface LibraryFunction {
  /** From its decorators to its last line. */
  readonly text: string;
  readonly file: string;
  readonly line: number;
  /** Its module, `toolkit.text`, and the functions and classes of that by their own names. */
  readonly module: string;
  readonly siblings: ReadonlySet<string>;
}

/** Finds the function that a dotted name means, `toolkit.text.twice`; undefined: no layer's package has it. */
export function libraryFunction(data: Datastore, name: string): LibraryFunction | undefined {
  const { environment, book } = data;
  if (book.libraries.length === 0) return undefined;
  const [namespace, ...rest] = name.split('.');
  const own = rest.pop();
  if (own === undefined || rest.length === 0) return undefined;
  for (const library of book.libraries) {
    if (library.namespace !== namespace) continue;
    const found = functionsOf(environment, library, rest).get(own);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Functions = ReadonlyMap<string, LibraryFunction>;

const none: Functions = new Map();

/** Only modules that the package names in BBIMPORTS count, as in BitBake. */
function functionsOf(
  environment: Environment,
  { directory, namespace }: Library,
  inside: readonly string[],
): Functions {
  const top = join(directory, namespace);
  const file = `${join(top, ...inside)}.py`;
  const imports = environment.source.read(join(top, '__init__.py')) ?? '';
  const text = importedModules(imports).has(inside.join('.')) ? environment.source.read(file) : undefined;
  if (text === undefined) return none;
  const { libraryModules } = memoryOf(environment);
  const functions = libraryModules.get(file) ?? cut(text, { file, module: [namespace, ...inside].join('.') });
  libraryModules.set(file, functions);
  return functions;
}

function importedModules(text: string): ReadonlySet<string> {
  const list = /^BBIMPORTS\s*=\s*\[([^\]]*)\]/m.exec(text)?.[1] ?? '';
  return new Set(pythonTokens(list).flatMap((token) => (token.kind === 'string' ? [token.text] : [])));
}

/** Cuts a module at what stands at the very start of a line: its functions and classes are kept. */
function cut(text: string, { file, module }: { readonly file: string; readonly module: string }): Functions {
  const lines = text.split('\n');
  const starts = startsOf(text, lines);
  const blocks = starts.flatMap((start, index) => {
    const block = lines.slice(start - 1, (starts[index + 1] ?? lines.length + 1) - 1).join('\n');
    const name = /^(?:async\s+def|def|class)\s+(\w+)/m.exec(block)?.[1];
    return name === undefined ? [] : [{ name, text: block.trimEnd(), line: start }];
  });
  const siblings = new Set(blocks.map(({ name }) => name));
  return new Map(blocks.map(({ name, ...rest }) => [name, { ...rest, file, module, siblings }]));
}

/** Lines, from 1, at which a statement of the module begins; what stands behind decorators goes on. */
function startsOf(text: string, lines: readonly string[]): readonly number[] {
  const starts: number[] = [];
  let last = 0;
  let depth = 0;
  let decorated = false;
  for (const token of pythonTokens(text)) {
    const line = lines[token.line - 1] ?? '';
    if (token.line > last && depth === 0 && /^\S/.test(line)) {
      if (!decorated) starts.push(token.line);
      decorated = line.startsWith('@');
    }
    last = Math.max(last, token.line);
    if (token.kind !== 'operator') continue;
    if ('([{'.includes(token.text)) depth++;
    if (')]}'.includes(token.text)) depth--;
  }
  return starts;
}
