/** `varve history export`: a part of the record as one file, for someone else. */
import { join } from 'node:path';
import { writeMembers, type Put } from '../artifacts/members-file.ts';
import { describedDiffs } from '../execution/describe-build.ts';
import type { History } from '../history/history.ts';
import { NOTE_KINDS } from '../history/notes.ts';
import { openObjectStore } from '../history/object-store.ts';
import { objectsInOrder, type TypedObject } from '../history/objects-in-order.ts';
import { openRawObjects } from '../history/raw-objects.ts';
import type { RecordedBuild } from '../history/recorded-build.ts';
import { openRefs, type Refs } from '../history/refs.ts';
import { cutAt, formatShallow } from '../history/shallow.ts';
import type { BlobContent, ObjectStore } from '../ports/objects.ts';
import type { World } from '../ports/world.ts';
import { byCodeUnit, type CommitId, type ObjectId } from '../terms/ids.ts';
import { buildsRepository, refs as refNames } from '../terms/places.ts';
import { parseRevision } from '../terms/revision.ts';
import { VarveError } from '../terms/varve-error.ts';
import {
  BUILDS_KEY,
  HEAD_MEMBER,
  isExportedRef,
  memberName,
  type ExportHead,
} from './sharing/exported-names.ts';
import { refuseTarget } from './sharing/refuse-target.ts';
import { openRecord, type TheRecord } from './record/open-record.ts';
import { artifactTreeOf } from './record/recorded-artifact.ts';
import type { RecordedRecipe } from './record/recorded-recipe.ts';
import type { ResolvedTree } from './record/resolved-revision.ts';
import { resolveTreeRevision } from './record/resolve-revision.ts';

export interface ExportedHistory {
  readonly schema: 1;
  readonly file: string;
  readonly size: number;
  readonly objects: number;
  /** `ARCH/PN` of what is in it. */
  readonly recipes: readonly string[];
  /** Those that builds.git tells of in it, oldest first, each with its configuration. */
  readonly builds: readonly number[];
  /** Layers of which these builds recorded what was not committed. */
  readonly uncommitted: readonly string[];
}

/** What of a recipe's history is wanted. */
type Roots = Map<string, TypedObject[]>;

/** Writes what the REVs name, all that it stands on, and what builds.git says of their builds, and of no other. */
export function exportHistory(
  world: World,
  request: { readonly buildDir: string; readonly revs: readonly string[]; readonly file: string },
): ExportedHistory {
  refuseTarget(world, request.file, 'history.varve');
  const record = openRecord(world, request.buildDir);
  const roots: Roots = new Map();
  const named = new Set(request.revs.map((rev) => addRoots(record, roots, rev).n));
  const builds = record.builds.filter(({ n }) => named.has(n));
  if (builds.length === 0) throw new VarveError('usage', 'a REV or @BUILD is needed');
  const recipes = [...roots.keys()].toSorted(byCodeUnit);
  const head: ExportHead = { schema: 1, varve: world.program, repositories: [BUILDS_KEY, ...recipes] };
  let objects = 0;
  writeMembers(world.fs, request.file, (put) => {
    put(HEAD_MEMBER, contentOf(`${JSON.stringify(head)}\n`));
    objects += putBuilds(record, put, builds);
    for (const key of recipes) {
      const [arch = '', recipe = ''] = key.split('/');
      const history = record.history(arch, recipe);
      if (history !== undefined)
        objects += putHistory(world, put, { key, history, roots: roots.get(key) ?? [] });
    }
  });
  const { size } = world.fs.statSync(request.file);
  const uncommitted = [...new Set(builds.flatMap((build) => describedDiffs(build.asked())))];
  return {
    schema: 1,
    file: request.file,
    size,
    objects,
    recipes,
    builds: builds.map(({ n }) => n),
    uncommitted,
  };
}

/** Adds what a REV names; answers the build that it is of. */
function addRoots(record: TheRecord, roots: Roots, rev: string): RecordedBuild {
  const revision = parseRevision(rev);
  if (revision.kind === 'build') {
    const build = record.build(revision.build);
    for (const recipe of record.recipes(build)) add(roots, recipe, statesOf(record, build, recipe));
    return build;
  }
  const resolved = resolveTreeRevision(record, revision);
  const { commit, tree } = resolved;
  add(roots, resolved, [
    commit === undefined ? { oid: tree, type: 'tree' } : { oid: commit, type: 'commit' },
  ]);
  const build = buildOf(record, resolved);
  if (build === undefined) throw new VarveError('usage', 'nothing was built here yet');
  return build;
}

/** The build that a state was looked up in, or that left it; the newest where it is not recorded, and for edits. */
function buildOf(
  record: TheRecord,
  { arch, recipe, commit, build }: ResolvedTree,
): RecordedBuild | undefined {
  if (build !== undefined) return record.build(String(build));
  const runs = commit === undefined ? [] : (record.history(arch, recipe)?.runs.of(commit) ?? []);
  const left = new Set(runs.map((run) => run.build));
  return record.builds.findLast(({ n }) => left.has(n)) ?? record.builds.at(-1);
}

function add(
  roots: Roots,
  { arch, recipe }: Pick<RecordedRecipe, 'arch' | 'recipe'>,
  found: TypedObject[],
): void {
  const key = `${arch}/${recipe}`;
  if (found.length > 0) roots.set(key, [...(roots.get(key) ?? []), ...found]);
}

/** Where a recipe stood in a build: its tasks, failures with the same inputs, and its artifacts. */
function statesOf(record: TheRecord, build: RecordedBuild, recipe: RecordedRecipe): TypedObject[] {
  const history = record.history(recipe.arch, recipe.recipe);
  const commits = recipe.tasks().flatMap(({ task, signature, commit }) => {
    const failed = history?.refs.read(refNames.failed(task)) as CommitId | undefined;
    const isOfIt =
      failed !== undefined &&
      history?.objects.has(failed) === true &&
      history.readTask(failed)?.signature === signature;
    return [commit, isOfIt ? failed : undefined];
  });
  const stood = history?.refs.read(refNames.build(build.n));
  const artifacts = recipe.artifacts().flatMap((artifact): readonly TypedObject[] => {
    try {
      const { commit, tree } = artifactTreeOf(record, recipe, artifact);
      return [commit === undefined ? { oid: tree, type: 'tree' } : { oid: commit, type: 'commit' }];
    } catch (error) {
      // It is no longer here; the rest is worth having.
      if (error instanceof VarveError) return [];
      throw error;
    }
  });
  const isHere = (oid: ObjectId | undefined): oid is ObjectId =>
    oid !== undefined && record.history(recipe.arch, recipe.recipe)?.objects.has(oid) === true;
  return [
    ...[...commits, recipe.work(), stood].filter(isHere).map((oid): TypedObject => ({ oid, type: 'commit' })),
    ...artifacts,
  ];
}

function putBuilds(record: TheRecord, put: Put, builds: readonly RecordedBuild[]): number {
  const gitDir = buildsRepository(record.places);
  const { fs } = record.world;
  const objects = openObjectStore(fs, gitDir);
  const raw = openRawObjects(fs, join(gitDir, 'objects'));
  const commits = new Set<ObjectId>(builds.map(({ commit }) => commit));
  // The build before would bring along all that it and those before it were given, passwords in local.conf too.
  const shallow = new Set(
    [...commits].filter((oid) => objects.readCommit(oid).parents.some((parent) => !commits.has(parent))),
  );
  if (shallow.size > 0)
    put(memberName({ kind: 'shallow', key: BUILDS_KEY }), contentOf(formatShallow(shallow)));
  const roots = [...commits].map((oid): TypedObject => ({ oid, type: 'commit' }));
  const sent = putObjects(put, BUILDS_KEY, { objects, raw, followed: cutAt(objects, shallow), roots });
  putRefs(put, BUILDS_KEY, { refs: openRefs(fs, gitDir), isSent: (oid) => commits.has(oid) });
  return sent.size;
}

function putHistory(
  { fs }: World,
  put: Put,
  from: { readonly key: string; readonly history: History; readonly roots: readonly TypedObject[] },
): number {
  const { key, history, roots } = from;
  const raw = openRawObjects(fs, join(history.gitDir, 'objects'));
  const { objects } = history;
  const sent = putObjects(put, key, { objects, raw, followed: objects, roots });
  for (const [oid, type] of sent) {
    if (type !== 'commit') continue;
    for (const notes of NOTE_KINDS) {
      const note = history.notes.read(notes, oid as CommitId);
      if (note !== undefined) put(memberName({ kind: 'note', key, notes, id: oid }), contentOf(note));
    }
  }
  putRefs(put, key, { refs: history.refs, isSent: (oid) => sent.get(oid) === 'commit' });
  return sent.size;
}

function putObjects(
  put: Put,
  key: string,
  from: {
    readonly objects: ObjectStore;
    readonly raw: ReturnType<typeof openRawObjects>;
    /** Tells what leads where. */
    readonly followed: ReturnType<typeof cutAt>;
    readonly roots: readonly TypedObject[];
  },
): ReadonlyMap<ObjectId, TypedObject['type']> {
  const sent = new Map<ObjectId, TypedObject['type']>();
  for (const { oid, type } of objectsInOrder(from.followed, from.roots)) {
    sent.set(oid, type);
    const content = type === 'blob' ? from.objects.openBlob(oid) : contentOf(from.raw.read(oid).body);
    put(memberName({ kind: 'object', key, type, id: oid }), content);
  }
  return sent;
}

function putRefs(
  put: Put,
  key: string,
  from: { readonly refs: Refs; readonly isSent: (oid: ObjectId) => boolean },
): void {
  const lines = [...from.refs.list('refs/')]
    .filter(([name, oid]) => isExportedRef(key, name) && from.isSent(oid))
    .map(([name, oid]) => `${oid} ${name}\n`);
  put(memberName({ kind: 'refs', key }), contentOf(lines.join('')));
}

function contentOf(content: string | Buffer): BlobContent {
  const bytes = Buffer.from(content);
  return { size: bytes.length, pieces: () => [bytes] };
}
