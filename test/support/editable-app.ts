/** A recipe whose sources a person edits, in the layer and the build directory of a test. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from './workspace.ts';

/** Of which `a.txt` is installed, and `made.txt` is what do_compile makes in S. */
export const recipe = plainRecipe(
  { do_compile: 'cp a.txt made.txt', do_install: 'install -D a.txt ${D}${datadir}/a.txt' },
  'SRC_URI = "file://src file://config"\nS = "${UNPACKDIR}/src"\n',
);

/** The recipe `app`, built. */
export function workspace(files: Readonly<Record<string, string>> = {}): Workspace {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': recipe,
      'recipes/app/src/a.txt': 'one\ntwo\n',
      'recipes/app/src/b.txt': 'b\n',
      'recipes/app/config': 'x\n',
      ...files,
    },
    env: { GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@example.org' },
  });
  expect(w.varve('build', 'app').status).toBe(0);
  return w;
}

export function workdirOf(w: Workspace): string {
  const [arch = ''] = readdirSync(w.path('tmp/work'));
  return w.path('tmp/work', arch, 'app');
}

/** A file of S. */
export const source = (w: Workspace, name: string): string => join(workdirOf(w), 'sources/src', name);
