import type { Metadata } from '../../layers/load-metadata.ts';
import { parseSize } from '../../terms/parse-size.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** How much is kept, and how often that is looked after. */
export interface Limits {
  /** Bytes of archives in the store; absent: no limit. */
  readonly artifacts: number | undefined;
  /** Bytes of all histories. */
  readonly histories: number | undefined;
  /** Builds between two collections; 0: none comes by itself. */
  readonly buildsBetween: number;
}

/** Builds between two collections, where HISTORY_GC_BUILDS says nothing else: one costs about as much as a small build. */
const USUAL = 10;

/** Reads what the configuration says; a value that means nothing is an error. */
export function limitsOf({ config }: Pick<Metadata, 'config'>): Limits {
  return {
    artifacts: sizeIn(config, 'ARTIFACT_MAX_SIZE'),
    histories: sizeIn(config, 'HISTORY_MAX_SIZE'),
    buildsBetween: buildsIn(config, 'HISTORY_GC_BUILDS'),
  };
}

type Config = Metadata['config'];

function sizeIn(config: Config, name: string): number | undefined {
  const text = config.get(name)?.trim() ?? '';
  if (text === '') return undefined;
  const size = parseSize(text);
  if (size !== undefined) return size;
  throw meansNothing(name, `"${text}", which is not a size`, `${name} = "20G"`);
}

function buildsIn(config: Config, name: string): number {
  const text = config.get(name)?.trim() ?? '';
  if (text === '') return USUAL;
  if (/^\d+$/.test(text)) return Number(text);
  throw meansNothing(name, `"${text}", which is not a number of builds`, `${name} = "0"   for none`);
}

function meansNothing(name: string, what: string, example: string): VarveError {
  return new VarveError('metadata', `${name} is ${what}`, {
    hints: [example, `varve env ${name}   says where it is set`],
  });
}
