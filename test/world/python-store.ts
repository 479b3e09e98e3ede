/** A python3 and a datastore, for tests of what Python does with `d`. */
import { onTestFinished } from 'vitest';
import { createDatastore, type Datastore } from '../../lib/language/datastore.ts';
import { pythonView } from '../../lib/language/python-view.ts';
import type { PythonData, PythonText } from '../../lib/ports/python.ts';
import { startPython, type PythonChild } from '../../lib/world/python-child.ts';
import { environmentOf, type TestEnvironment } from '../language/memory-source.ts';

export const at = { file: '/layer/a.bb', line: 10 };

/** A function of a recipe, whose head stands at `at`. */
export function bodyOf(text: string): PythonText {
  return { name: 'f', text, ...at };
}

/** A python3 that ends with the test. */
export function python(): PythonChild {
  const child = startPython(process.env['PATH'] ?? '');
  onTestFinished(() => child.close());
  return child;
}

export interface Store {
  readonly data: Datastore;
  readonly view: PythonData;
  readonly environment: TestEnvironment;
}

/** A datastore with these variables, as Python sees it. */
export function store(variables: Readonly<Record<string, string>> = {}, child?: PythonChild): Store {
  const environment = environmentOf(
    {},
    () =>
      child ??
      (() => {
        throw new Error('Python was asked');
      })(),
  );
  const data = createDatastore(environment);
  for (const [name, value] of Object.entries(variables)) data.set(name, value);
  return { data, view: pythonView(data, at), environment };
}
