import { normalize } from 'node:path/posix';
import type { Environment } from '../../lib/language/environment.ts';
import type { SourceText } from '../../lib/ports/source-text.ts';
import type { Place } from '../../lib/terms/varve-error.ts';

/** Files in memory, by absolute path. */
export function memorySource(files: Readonly<Record<string, string>>): SourceText {
  const paths = Object.keys(files);
  return {
    read: (path) => files[normalize(path)],
    exists: (path) => {
      const wanted = normalize(path);
      return paths.some((one) => one === wanted || one.startsWith(`${wanted}/`));
    },
    list: (dir) =>
      [
        ...new Set(
          paths
            .filter((one) => one.startsWith(`${dir}/`))
            .map((one) => one.slice(dir.length + 1).split('/')[0] ?? ''),
        ),
      ].sort(),
  };
}

export interface TestEnvironment extends Environment {
  readonly warnings: { readonly text: string; readonly place: Place | undefined }[];
}

/** An environment without Python: what needs it fails. */
export function environmentOf(
  files: Readonly<Record<string, string>>,
  python: Environment['python'] = noPython,
): TestEnvironment {
  const warnings: { readonly text: string; readonly place: Place | undefined }[] = [];
  return {
    source: memorySource(files),
    python,
    warn: (text, place) => void warnings.push({ text, place }),
    host: { machine: 'x86_64', cpus: 4 },
    warnings,
  };
}

function noPython(): never {
  throw new Error('Python was asked');
}
