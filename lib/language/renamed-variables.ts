/** Variables that have another name now: who sets one by its old name is told so. */
import { VarveError } from '../terms/varve-error.ts';
import type { RenamedVariable } from './bookkeeping.ts';
import type { Datastore } from './datastore.ts';
import { placeOfOrigin } from './reading.ts';
import type { State } from './state.ts';
import { textOf, type Origin } from './variable.ts';

/** Old names of the engine's own variables; `''`: nothing has taken its place. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['BB_ENV_WHITELIST', 'BB_ENV_PASSTHROUGH'],
  ['BB_ENV_EXTRAWHITE', 'BB_ENV_PASSTHROUGH_ADDITIONS'],
  ['BB_HASHBASE_WHITELIST', 'BB_BASEHASH_IGNORE_VARS'],
  ['BB_HASHCONFIG_WHITELIST', 'BB_HASHCONFIG_IGNORE_VARS'],
  ['BB_HASHTASK_WHITELIST', 'BB_TASKHASH_IGNORE_TASKS'],
  ['BB_SETSCENE_ENFORCE_WHITELIST', 'BB_SETSCENE_ENFORCE_IGNORE_TASKS'],
  ['MULTI_PROVIDER_WHITELIST', 'BB_MULTI_PROVIDER_ALLOWED'],
  ['BB_STAMP_WHITELIST', ''],
  ['BB_STAMP_POLICY', ''],
]);

/** Where metadata lists more of them, as flags: `BB_RENAMED_VARIABLES[OLD] = "NEW"`. */
const listed = 'BB_RENAMED_VARIABLES';

/** Takes note where a name that is written to is an old one. */
export function noteRenamed(state: State, name: string, origin: Origin | undefined): void {
  const old = name.includes(':') ? name.slice(0, name.indexOf(':')) : name;
  const now = renamed.get(old) ?? textOf(state.variables.get(listed)?.flags.get(old));
  if (now === undefined) return;
  const found: RenamedVariable = { old, now, ...(origin === undefined ? {} : { origin }) };
  state.data.note({ renamed: [...state.data.book.renamed, found] });
}

/** Refuses metadata that sets a variable by its old name. */
export function refuseRenamed(data: Datastore): void {
  const [first] = data.book.renamed;
  if (first === undefined) return;
  const { old, now, origin } = first;
  // A text of more than one word is a sentence that goes on from the name.
  const isName = now !== '' && !now.includes(' ');
  const what = isName ? `is called ${now} now` : now === '' ? 'has no meaning any more' : now;
  throw new VarveError('metadata', `${old} ${what}`, {
    ...(origin === undefined ? {} : { place: placeOfOrigin(origin, old) }),
    hints: [isName ? `write ${now}` : 'take the line out'],
  });
}
