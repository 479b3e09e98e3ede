import { parseRevision, type Revision } from '../../terms/revision.ts';
import { VarveError } from '../../terms/varve-error.ts';

type TreeRevision = Exclude<Revision, { kind: 'build' }>;

/** Reads the REV that a shell is asked for: one of a recipe. */
export function shellRevision(text: string): TreeRevision {
  const revision = parseRevision(text);
  if (revision.kind !== 'build') return revision;
  throw new VarveError('usage', `"${text}" is a build, and a shell stands in the WORKDIR of a recipe`, {
    hints: ['varve shell zlib:compile', 'varve shell zlib@12:compile'],
  });
}

/** An artifact of a build has no WORKDIR; the one after do_install is what is meant. */
export function workdirMeant(revision: TreeRevision): TreeRevision {
  return revision.kind === 'artifact' ? { ...revision, kind: 'task', task: 'do_install' } : revision;
}
