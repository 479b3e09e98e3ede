/** Which task of which build wrote each line of a file of the record. */
import type { History } from '../history/history.ts';
import type { World } from '../ports/world.ts';
import { byKey } from '../terms/by-key.ts';
import type { CommitId, ObjectId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';
import { parseRevision } from '../terms/revision.ts';
import type { Say } from '../terms/say.ts';
import { VarveError } from '../terms/varve-error.ts';
import { shownPath } from '../trees/raw-text.ts';
import { artifactOrigins, type PackagedFile } from './lineage/artifact-origins.ts';
import { editNumbers } from './lineage/edit-numbers.ts';
import type { Doubt } from './lineage/doubt.ts';
import { linesOf } from './lineage/lines-of.ts';
import type { Origin, Standpoint } from './lineage/origin.ts';
import { createTracer, type Beyond, type Installed } from './lineage/trace-origins.ts';
import { cleanPath, findFile } from './record/find-file.ts';
import { openNamed } from './record/open-named.ts';
import type { TheRecord } from './record/open-record.ts';
import { resolveTree } from './record/resolve-revision.ts';
import type { ResolvedTree } from './record/resolved-revision.ts';

export interface BlameRequest {
  readonly buildDir: string;
  readonly rev: string;
  readonly path: string;
}

export interface BlamedLine {
  /** From 1; null where the file is no text. */
  readonly line: number | null;
  /** Latin1; absent where the file is no text. */
  readonly text?: string;
  readonly recipe: string;
  /** `edited`: a person. Null: nobody can tell. */
  readonly task: string | null;
  /** The number in `edited@<n>`, of what a person wrote. */
  readonly edits?: number;
  /** Why nobody can. */
  readonly doubt?: Doubt;
  /** The task that wrote it, if no task before did. */
  readonly latest?: string;
  /** As SRC_URI names it. */
  readonly patch?: string;
  /** The one in which the task made the result that is asked of; a line may be as it is for longer. */
  readonly build?: number;
  readonly commit?: CommitId;
  /** Where it was written, below the WORKDIR, raw. */
  readonly path?: string;
}

export interface Blame {
  readonly recipe: string;
  /** The import that its builds are of. */
  readonly imported?: string;
  /** The package that brought the file into an image, and its recipe. */
  readonly package?: PackagedFile;
  readonly lines: readonly BlamedLine[];
}

/** Tells who wrote a file, line by line. */
export function blameFile(world: World, request: BlameRequest, say: Say): Blame {
  const { record, rev } = openNamed(world, request.buildDir, request.rev);
  const where = resolveTree(record, rev);
  const entry = findFile(where, request.path);
  if (entry.kind !== 'file' || entry.oid === undefined) {
    throw new VarveError('usage', `${request.path} in ${where.rev} is no file`, {
      hints: [`varve show ${where.rev}   lists its files`],
    });
  }
  const { oid } = entry;
  const within = entry.path.slice(where.top === '' ? 0 : where.top.length + 1);
  if (within !== cleanPath(request.path))
    say(`note: ${request.path} leads by links to ${shownPath(within)}: this is who wrote that`);
  const beyond = artifactOrigins(record);
  const at = standpointOf(record, where);
  const found = at && fileIn(where, at, { beyond, file: { oid, path: entry.path } });
  const isKnown = found !== undefined && !('unknown' in found);
  const origins = isKnown ? createTracer(beyond)(found) : [];
  const unknown = {
    kind: 'unknown',
    recipe: found && !isKnown ? found.unknown : where.recipe,
    doubt: 'not-recorded',
  } as const;
  const texts = linesOf(where.objects, oid) ?? [undefined];
  const facts = { buildOf: firstBuilds(), editsOf: byKey(editNumbers, ({ gitDir }) => gitDir) };
  const lines = texts.map((text, i): BlamedLine => ({
    line: text === undefined ? null : i + 1,
    ...(text !== undefined && { text }),
    ...told(origins[i] ?? unknown, facts),
  }));
  if (!isKnown && where.kind === 'artifact' && unknown.recipe === where.recipe)
    sayHowToKnow(record, rev, say);
  const packaged = at && beyond.packageOf(at, { oid, path: entry.path });
  for (const warning of record.unread()) say(`warning: ${warning}`);
  return {
    recipe: where.recipe,
    ...(record.imported !== undefined && { imported: record.imported }),
    ...(packaged !== undefined && { package: packaged }),
    lines,
  };
}

/** Of what stands now it can be made known: it was restored, or its tasks are no longer in the record. */
function sayHowToKnow(record: TheRecord, rev: string, say: Say): void {
  const revision = parseRevision(rev);
  if (record.imported !== undefined || revision.kind !== 'artifact' || revision.build !== undefined) return;
  const { recipe } = revision;
  say(`note: no task of ${recipe} that made it is recorded: an artifact stands for them`);
  say(`hint: varve build -f -c install ${recipe}   runs them here`);
}

function standpointOf(record: TheRecord, where: ResolvedTree): Standpoint | undefined {
  const { arch, recipe, commit } = where;
  const history = record.history(arch, recipe);
  if (history === undefined) return undefined;
  const ran = commit === undefined ? undefined : history.runs.of(commit).at(-1)?.build;
  return { arch, recipe, history, build: where.build ?? ran };
}

function fileIn(
  { kind, commit }: ResolvedTree,
  at: Standpoint,
  {
    beyond,
    file,
  }: { readonly beyond: Beyond; readonly file: { readonly oid: ObjectId; readonly path: string } },
): Installed {
  if (kind !== 'artifact' && commit !== undefined) return { at, commit, path: file.path };
  const found = beyond.installed(at, file);
  if (!('unknown' in found)) return found;
  // What was put together elsewhere: the recipe can still be told.
  const [part, ...others] = beyond.staged(at, file).filter(({ isInPlace }) => isInPlace);
  return part === undefined || others.length > 0 ? found : part;
}

function told(
  origin: Origin,
  {
    buildOf,
    editsOf,
  }: {
    readonly buildOf: ReturnType<typeof firstBuilds>;
    readonly editsOf: (history: History) => ReadonlyMap<CommitId, number>;
  },
): Omit<BlamedLine, 'line' | 'text'> {
  if (origin.kind === 'unknown') {
    const { recipe, doubt, latest } = origin;
    return { recipe, task: null, doubt, ...(latest !== undefined && { latest }) };
  }
  const { at, task, patch, commit, taskCommit, path } = origin;
  const build = buildOf(at.history, task, taskCommit);
  const edits = task === 'edited' ? editsOf(at.history).get(commit) : undefined;
  return {
    recipe: at.recipe,
    task,
    ...(edits !== undefined && { edits }),
    ...(patch !== undefined && { patch }),
    ...(build !== undefined && { build }),
    commit,
    ...(path !== undefined && { path }),
  };
}

/** Finds the first build that a commit's task ran in, or the same work under other signatures. */
function firstBuilds(): (history: History, task: string, commit: CommitId) => number | undefined {
  const known = new Map<CommitId, number | undefined>();
  return (history, task, commit) => {
    if (!known.has(commit)) known.set(commit, firstBuild(history, task, commit));
    return known.get(commit);
  };
}

function firstBuild(history: History, task: string, commit: CommitId): number | undefined {
  const own = history.readTask(commit);
  const same = [...history.refs.list(`${refs.newest(task)}@`).values()].filter((id) => {
    const other = history.readTask(id as CommitId);
    return own !== undefined && other?.step === own.step && other.tree === own.tree;
  });
  const builds = [commit, ...same].flatMap((each) =>
    history.runs
      .of(each as CommitId)
      .filter(({ ok }) => ok || each === commit)
      .map(({ build }) => build),
  );
  return builds.length === 0 ? undefined : Math.min(...builds);
}
