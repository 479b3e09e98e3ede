import { VarveError } from '../terms/varve-error.ts';

/** An entry of LIC_FILES_CHKSUM. */
export interface LicenseFile {
  /** As written. */
  readonly text: string;
  /** Relative to S, or absolute. */
  readonly path: string;
  readonly params: ReadonlyMap<string, string>;
  /** From 1; left out: from the beginning. */
  readonly beginline?: number;
  /** Included; left out: to the end. */
  readonly endline?: number;
}

/** Reads LIC_FILES_CHKSUM: `file://COPYING;md5=…;beginline=2;endline=9` entries between white space. */
export function parseLicenseFiles(text: string): readonly LicenseFile[] {
  return text
    .split(/\s+/)
    .filter((entry) => entry !== '')
    .map(parseEntry);
}

function parseEntry(text: string): LicenseFile {
  const [, path = '', parameters = ''] = /^file:\/\/([^;]+)((?:;.*)?)$/.exec(text) ?? [];
  const pairs = parameters.split(';').filter((pair) => pair !== '');
  const params = new Map(pairs.map((pair) => splitPair(pair)));
  const [begin, end] = ['beginline', 'endline'].map((name) => params.get(name));
  const numbers = [begin, end].filter((value) => value !== undefined);
  if (
    path === '' ||
    pairs.some((pair) => !pair.includes('=')) ||
    numbers.some((value) => !/^\d+$/.test(value))
  ) {
    throw new VarveError('metadata', `"${text}" in LIC_FILES_CHKSUM is not of the form file://PATH;md5=…`, {
      hints: ['of a part of the file: file://PATH;beginline=2;endline=9;md5=…'],
    });
  }
  // 0 means as if it were not there.
  const [beginline, endline] = [Number(begin ?? 0), Number(end ?? 0)];
  return {
    text,
    path,
    params,
    ...(beginline === 0 ? {} : { beginline }),
    ...(endline === 0 ? {} : { endline }),
  };
}

function splitPair(pair: string): readonly [string, string] {
  const equals = pair.indexOf('=');
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}
