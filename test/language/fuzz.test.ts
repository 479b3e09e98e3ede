/** Spoiled metadata: whatever it says, reading it ends in values or in a clear error. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { createDatastore, type Datastore } from '../../lib/language/datastore.ts';
import { inheritConfigured, readConfiguration } from '../../lib/language/read-configuration.ts';
import { readRecipe } from '../../lib/language/read-recipe.ts';
import { RecipeSkipped } from '../../lib/language/recipe-skipped.ts';
import { signatureText, taskReferences } from '../../lib/language/signature-text.ts';
import { VarveError } from '../../lib/terms/varve-error.ts';
import { environmentOf } from './memory-source.ts';
import { mutate, seededRandom, type Random } from './mutate.ts';

interface Metadata {
  readonly files: Readonly<Record<string, string>>;
  readonly parse: string;
  readonly appends?: readonly string[];
  readonly variant?: string;
}

const folder = 'fixtures/corpus';
const corpus = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .flatMap((file) => {
    const { cases } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { cases: readonly Metadata[] };
    return cases;
  });
const texts = corpus.flatMap(({ files }) => Object.values(files));

const everything = process.env['VARVE_TEST_ALL'] === '1';

test('spoiled metadata ends in values or in a clear error, never in a fault', { timeout: 600_000 }, () => {
  const faults: string[] = [];
  for (let seed = 1; seed <= (everything ? 100_000 : 2_000); seed++) {
    const spoiled = spoil(seededRandom(seed));
    const fault = faultOf(spoiled);
    if (fault !== undefined) faults.push(`seed ${seed}: ${fault}\n${JSON.stringify(spoiled, null, 1)}`);
  }
  expect(faults.slice(0, 3)).toEqual([]);
});

/** A case of the corpus with one or two of its files spoiled. */
function spoil(random: Random): Metadata {
  const one = corpus[random(corpus.length)] ?? { files: {}, parse: '' };
  const paths = Object.keys(one.files);
  const chosen = new Set([one.parse, paths[random(paths.length)]].filter(() => random(3) > 0));
  // What leads from file to file and from value to value, in circles too.
  const own = [
    ...paths.flatMap((path) => [`require ${path}`, `inherit ${basename(path, '.bbclass')}`]),
    `A = "\${@d.getVar('A', False)} x"`,
    'A:append = "${B}"',
    'B = "${A}"',
    'OVERRIDES .= ":${A}"',
  ];
  const others = random(3) === 0 ? own : texts;
  const files = Object.entries(one.files).map(([path, text]) =>
    chosen.has(path) ? [path, mutate(text, others, random)] : [path, text],
  );
  return { ...one, files: Object.fromEntries(files) as Metadata['files'] };
}

/** What no one may ever see: an exception that is neither an error of the metadata nor a recipe that skips itself. */
function faultOf(metadata: Metadata): string | undefined {
  const data = attempt(() => read(metadata));
  const found = data instanceof Error ? data : findFault(data);
  return found === undefined || isClear(found) ? undefined : (found.stack ?? found.message);
}

function isClear(error: Error): boolean {
  return error instanceof RecipeSkipped || (error instanceof VarveError && error.fault === 'metadata');
}

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function read({ files, parse, appends = [], variant }: Metadata): Datastore {
  const environment = environmentOf(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`/${path}`, text])),
    () => {
      throw new VarveError('metadata', 'there is no Python here');
    },
  );
  const data = createDatastore(environment);
  data.set('BBPATH', '/');
  data.set('TOPDIR', '/');
  if (files['conf/bitbake.conf'] !== undefined && parse !== 'conf/bitbake.conf') {
    readConfiguration(data, '/conf/bitbake.conf', environment);
  }
  if (!parse.endsWith('.bb')) {
    readConfiguration(data, `/${parse}`, environment);
    return data;
  }
  inheritConfigured(data, environment);
  const more = variant === undefined ? {} : { variant };
  const recipe = { file: `/${parse}`, appends: appends.map((one) => `/${one}`), base: data, ...more };
  return readRecipe(recipe, environment).data;
}

/** Asks for everything that may be asked of a datastore. */
function findFault(data: Datastore): Error | undefined {
  const questions = [
    ...data
      .names()
      .flatMap((name) => [() => data.get(name), () => data.flags(name), () => data.origins(name)]),
    ...data.names().map((name) => () => signatureText(data, name)),
    ...data.book.tasks.map((task) => () => taskReferences(data, task)),
  ];
  for (const ask of questions) {
    const answer = attempt<unknown>(ask);
    if (answer instanceof Error && !isClear(answer)) return answer;
  }
  return undefined;
}
