/** Recipes that are not for this configuration, as their variables say. */
import { VarveError } from '../terms/varve-error.ts';
import type { Datastore } from './datastore.ts';
import { heedForbiddenLicenses } from './heed-forbidden-licenses.ts';
import { splitWords } from './python-values.ts';
import { RecipeSkipped } from './recipe-skipped.ts';

/**
 * Skips a recipe that SKIP_RECIPE names, whose COMPATIBLE_HOST or COMPATIBLE_MACHINE does not match, whose LICENSE_FLAGS
 * nobody accepted, or whose LICENSE is in INCOMPATIBLE_LICENSE.
 */
export function skipIncompatible(data: Datastore): void {
  const why = data.flag('SKIP_RECIPE', data.get('PN') ?? '')?.trim() ?? '';
  if (why !== '') throw new RecipeSkipped(why);
  if ((data.get('PARSE_ALL_RECIPES') ?? '') !== '') return;
  const host = data.get('HOST_SYS') ?? '';
  refuse(data, { variable: 'COMPATIBLE_HOST', names: [host], is: `the host is ${host}` });
  const machines = (data.get('MACHINEOVERRIDES') ?? '').split(':');
  const machine = `MACHINE is "${data.get('MACHINE') ?? ''}"`;
  refuse(data, { variable: 'COMPATIBLE_MACHINE', names: machines, is: machine });
  refuseLicenceFlags(data);
  heedForbiddenLicenses(data);
}

/** As in OpenEmbedded `commercial` accepts `commercial_x264`, and `commercial_x264` of the recipe x264 a flag `commercial`. */
function refuseLicenceFlags(data: Datastore): void {
  const flags = splitWords(data.get('LICENSE_FLAGS') ?? '');
  if (flags.length === 0) return;
  const accepted = new Set(splitWords(data.get('LICENSE_FLAGS_ACCEPTED') ?? ''));
  const refused = flags.filter(
    (flag) => !beginningsOf(`${flag}_${data.get('PN') ?? ''}`).some((one) => accepted.has(one)),
  );
  if (refused.length === 0) return;
  const names = refused.map((flag) => `${flag}_${data.get('PN') ?? ''}`).join(' ');
  throw new RecipeSkipped(
    `its licence is restricted: LICENSE_FLAGS_ACCEPTED:append = " ${names}" in conf/local.conf says that you may use it`,
  );
}

const beginningsOf = (text: string): readonly string[] =>
  text.split('_').map((_, at, words) => words.slice(0, at + 1).join('_'));

/** Skips what is made for an SDK. */
export function skipNativesdk(): void {
  throw new RecipeSkipped('varve makes no SDK yet, and the recipe is for one (nativesdk)');
}

interface Condition {
  readonly variable: string;
  /** One of them must match, from its beginning. */
  readonly names: readonly string[];
  /** What the names come from. */
  readonly is: string;
}

function refuse(data: Datastore, { variable, names, is }: Condition): void {
  const wanted = data.get(variable) ?? '';
  if (wanted === '') return;
  const pattern = patternOf(data, variable, wanted);
  if (names.some((name) => pattern.test(name))) return;
  throw new RecipeSkipped(`${variable} is "${wanted}", and ${is}`);
}

function patternOf(data: Datastore, variable: string, text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})`);
  } catch (cause) {
    const origin = data.origins(variable).at(-1);
    const place = origin === undefined ? {} : { place: { file: origin.file, line: origin.line } };
    throw new VarveError('metadata', `${variable} is "${text}", which is not a pattern`, { ...place, cause });
  }
}
