/** Looks into what was read of an .rpm. */
import type { RpmValues } from './rpm-header.ts';
import { RPM } from './rpm-tags.ts';

/** The texts of a value, raw; none where it is not told. */
export function rpmTexts(values: RpmValues, tag: number): readonly string[] {
  const found = values.get(tag);
  return found?.type === 'strings' ? found.values : [];
}

export function rpmText(values: RpmValues, tag: number): string {
  return rpmTexts(values, tag)[0] ?? '';
}

export function rpmNumbers(values: RpmValues, tag: number): readonly number[] {
  const found = values.get(tag);
  return found?.type === 'int16' || found?.type === 'int32' ? found.values : [];
}

/** A file of a package. */
export interface RpmPath {
  /** Raw, from the slash on. */
  readonly path: string;
  readonly isDir: boolean;
}

export function pathsOf(values: RpmValues): readonly RpmPath[] {
  const dirs = rpmTexts(values, RPM.dirNames);
  const [indexes, modes] = [rpmNumbers(values, RPM.dirIndexes), rpmNumbers(values, RPM.fileModes)];
  return rpmTexts(values, RPM.baseNames).map((name, index) => ({
    path: `${dirs[indexes[index] ?? 0] ?? '/'}${name}`,
    isDir: ((modes[index] ?? 0) & 0o170000) === 0o040000,
  }));
}
