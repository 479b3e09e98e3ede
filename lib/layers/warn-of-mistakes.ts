import { basename } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import type { EvaluatedRecipe } from '../language/read-recipe.ts';
import { warnOfTaskNames } from '../language/warn-of-task-names.ts';
import { splitWords } from './split-words.ts';
import { warnAtWord } from './warn-at-word.ts';
import { warnOfPackages } from './warn-of-packages.ts';

/** Tells of what is most likely meant otherwise in a recipe. It may be asked of the recipe as written, not of its variants. */
export function warnOfMistakes({ data, tasks, skipped }: EvaluatedRecipe): void {
  // A recipe that is skipped may be half read.
  if (skipped !== undefined) return;
  warnOfTaskNames(data, tasks);
  warnOfPackages(data);
  warnOfNoLicense(data);
  warnOfItself(data);
}

/** Where nothing is made of LICENSE, nobody need say it. */
function warnOfNoLicense(data: Datastore): void {
  if (data.get('LICENSE') !== 'INVALID' || splitWords(data.get('PACKAGES')).length === 0) return;
  const isPublished =
    splitWords(data.get('PACKAGE_CLASSES')).length > 0 ||
    data.book.inherited.some((path) => /^(?:license|create-spdx)\.bbclass$/.test(basename(path)));
  if (!isPublished) return;
  data.environment.warn(
    'LICENSE is not set, and what is published of the recipe says INVALID: write LICENSE = "MIT", or "CLOSED" where it is nobody\'s to pass on',
    { file: data.get('FILE') ?? '' },
  );
}

function warnOfItself(data: Datastore): void {
  const name = data.get('PN') ?? '';
  // What native recipes need is native, so one may need what has its own name on the machine that builds.
  if (name.endsWith('-native') || !splitWords(data.get('DEPENDS')).includes(name)) return;
  warnAtWord(
    data,
    { variable: 'DEPENDS', word: name },
    `DEPENDS has ${name}, which is the recipe itself, and is passed over: take it out, or write ${name}-native where its own tools are meant`,
  );
}
