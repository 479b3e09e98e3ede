/** Looks whether a repository still tells git to leave everything as it is. */
import { join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { shellWord } from '../terms/shell-word.ts';
import type { Finding } from './finding.ts';
import { readIfThere } from './replace-file.ts';
import { protectingFiles } from './repository.ts';

/** Each line that varve wrote must be there; a person may have added some. */
export function checkConfiguration(
  fs: FileSystem,
  gitDir: string,
  options: { readonly bare: boolean },
): readonly Finding[] {
  return protectingFiles(options).flatMap(({ path: name, text }) => {
    const path = join(gitDir, name);
    const found = readIfThere(fs, path);
    const has = new Set(found?.split('\n'));
    // Histories are older than this line, which only saves memory.
    const isNeeded = (line: string): boolean => line !== '' && !line.includes('bigFileThreshold');
    const lost = text.split('\n').find((line) => isNeeded(line) && !has.has(line));
    if (lost === undefined) return [];
    const what = found === undefined ? 'it is missing' : `it does not say "${lost.trim()}" any more`;
    return [
      {
        place: path,
        what,
        hints: [`${written(text)} > ${path}   says again what varve says there, and nothing else`],
      },
    ];
  });
}

const written = (text: string): string =>
  `printf ${shellWord(text.replaceAll('%', '%%').replaceAll('\t', '\\t').replaceAll('\n', '\\n'))}`;
