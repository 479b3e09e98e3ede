/** Puts functions into the datastore: shell and Python, exported ones of classes, `def` blocks. */
import { VarveError } from '../terms/varve-error.ts';
import { tryDefinition } from './ask-python.ts';
import { checkPython } from './check-python.ts';
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';
import { isClass, originOf, placeOfSpot } from './reading.ts';
import { refuseOldSyntax } from './refuse-old-syntax.ts';
import type { DefStatement, FunctionStatement, Spot, Statement } from './statements.ts';

/** Defines a function, or adds to one where its name says so. An anonymous one is kept to be run at the end. */
export function defineFunction(data: Datastore, statement: FunctionStatement): void {
  const { body, python, fakeroot, file, line } = statement;
  // The name stands in the first line; of other statements it is the last that errors name.
  if (statement.name !== undefined) refuseOldSyntax(statement.name, (about) => ({ file, line, about }));
  if (statement.name === undefined) checkPython(data, statement);
  const name =
    statement.name ?? `__anon_${statement.lastLine}_${statement.file.replaceAll(/[/.+\-@%&~]/g, '_')}`;
  if (statement.name === undefined) data.note({ anonymous: [...data.book.anonymous, name] });
  if (name.startsWith('do_') && !isClass(statement))
    data.note({ ownTaskFunctions: [...data.book.ownTaskFunctions, statement] });
  if ((data.getRaw(name) ?? '') !== '') {
    data.deleteFlag(name, 'python');
    data.deleteFlag(name, 'fakeroot');
  }
  if (python) data.setFlag(name, 'python', '1');
  if (fakeroot) data.setFlag(name, 'fakeroot', '1');
  data.setFlag(name, 'func', '1');
  data.assign(name, body, originOf(statement, 'set', body));
  placed(data, name, statement);
}

/** Defines the functions of a `def` block. */
export function definePython(data: Datastore, statement: DefStatement): void {
  const { name, text } = statement;
  checkPython(data, statement);
  data.note({ definitions: [...data.book.definitions, statement] });
  data.setFlag(name, 'func', '1');
  data.setFlag(name, 'python', '1');
  data.assign(name, text, originOf(statement, 'set', text));
  placed(data, name, statement);
}

/** Makes a layer's own Python package known, with the modules that it names in BBIMPORTS. */
export function addLibrary(data: Datastore, statement: Extract<Statement, { kind: 'addpylib' }>): void {
  const { file, line, lastLine, namespace } = statement;
  const directory = data.expand(statement.directory, statement);
  const modules = splitWords(data.get('BB_GLOBAL_PYMODULES'));
  // JSON is Python here: texts, and a list of them.
  const args = [directory, namespace, modules].map((one) => JSON.stringify(one)).join(', ');
  const text = `import running\nrunning.add_library(${args})\n`;
  const block = { name: `addpylib ${directory} ${namespace}`, text, file, line };
  if (data.environment.eager === true) tryDefinition(data, block);
  data.note({
    definitions: [...data.book.definitions, { ...block, lastLine }],
    libraries: [...data.book.libraries, { directory, namespace }],
  });
}

function placed(data: Datastore, name: string, { file, line }: Spot): void {
  data.setFlag(name, 'filename', file);
  data.setFlag(name, 'lineno', String(line));
}

/** Marks a body that calls the class's function: a later class, or the recipe, may replace it. */
const exportMark = '    # Export function set\n';

/** Has `do_compile` call `autotools_do_compile`, unless the recipe brings a do_compile of its own. */
export function exportFunctions(
  data: Datastore,
  statement: Extract<Statement, { kind: 'export-functions' }>,
): void {
  for (const name of splitWords(statement.functions)) {
    const called = `${statement.className}_${name}`;
    const old = data.getRaw(name) ?? '';
    if (old !== '' && !old.includes(exportMark)) continue;
    if (old !== '') {
      data.deleteFlag(name, 'python');
      data.deleteFlag(name, 'func');
    }
    for (const flag of ['func', 'python']) copyFlag(data, flag, { from: called, to: name });
    for (const flag of ['dirs', 'cleandirs', 'fakeroot']) copyFlag(data, flag, { from: name, to: called });
    placed(data, name, statement);
    const python = (data.rawFlag(called, 'python') ?? '') !== '';
    if (!python && statement.className.includes('-')) throw dashed(statement.className, called, statement);
    const call = python ? `bb.build.exec_func('${called}', d)` : called;
    data.assign(name, `${exportMark}    ${call}\n`, originOf(statement, 'set', call));
  }
}

function copyFlag(
  data: Datastore,
  flag: string,
  { from, to }: { readonly from: string; readonly to: string },
): void {
  const value = data.rawFlag(from, flag);
  if (value !== undefined && value !== '') data.setFlag(to, flag, value);
}

function dashed(className: string, called: string, spot: Spot): VarveError {
  return new VarveError(
    'metadata',
    `the class ${className} cannot export ${called}: a shell function has no dash in its name`,
    {
      place: placeOfSpot(spot),
    },
  );
}
