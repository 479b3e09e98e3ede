/** Artifacts of tasks: where each stands, in the history or the store, and how it gets there. */
import {
  signedText,
  type AcEntry,
  type BuildPaths,
  type Builder,
  type Start,
} from '../../artifacts/ac-entry.ts';
import { exportArtifact, type Exported } from '../../artifacts/export-artifact.ts';
import { importArtifact } from '../../artifacts/import-artifact.ts';
import { searchTexts } from '../../artifacts/search-texts.ts';
import type { ArtifactStore } from '../../artifacts/store.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { ArtifactId, CommitId, Signature, TreeId } from '../../terms/ids.ts';
import type { FileSystem } from '../../ports/world.ts';
import type { Input } from '../../terms/inputs.ts';
import { refs } from '../../terms/places.ts';
import type { Trust } from '../../trust/trust.ts';
import { keepOrigin } from './artifact-origins.ts';
import { tellBuildPaths } from './find-build-paths.ts';
import type { WeighedPaths } from './weigh-build-paths.ts';
import type { LocalArtifact, Site } from '../workdir/site.ts';

/** Finds the artifact of a signature in the history; every recipe above asks for it again. */
export function localArtifact(site: Site, signature: Signature): LocalArtifact | undefined {
  const found = site.artifacts.get(signature) ?? findLocal(site, signature);
  if (found !== undefined) site.artifacts.set(signature, found);
  return found;
}

function findLocal(site: Site, signature: Signature): LocalArtifact | undefined {
  if (!site.hasHistory()) return undefined;
  const history = site.history();
  const commit = history.refs.read(refs.artifact(signature)) as CommitId | undefined;
  if (commit === undefined || !history.objects.has(commit)) return undefined;
  const { tree, message } = history.objects.readCommit(commit);
  const trailer = (name: string): string | undefined =>
    new RegExp(`^${name}: ([0-9a-f]{64})$`, 'm').exec(message)?.[1];
  const id = trailer('Artifact');
  return id === undefined || trailer('Signature') !== signature
    ? undefined
    : { commit, tree, id: id as ArtifactId };
}

/** Keeps an artifact's tree in the history under its signature. */
export function keepArtifact(
  site: Site,
  artifact: Pick<AcEntry, 'task' | 'tree' | 'id' | 'signature'>,
): CommitId {
  const history = site.history();
  const commit = history.commit({
    tree: artifact.tree,
    parents: [],
    subject: `artifact: ${site.title}`,
    trailers: [
      ['Task', `${site.recipe.name}:${artifact.task}`],
      ['Signature', artifact.signature],
      ['Artifact', artifact.id],
    ],
    time: site.epoch,
  });
  history.refs.write(refs.artifact(artifact.signature), commit);
  site.artifacts.set(artifact.signature, { commit, tree: artifact.tree, id: artifact.id });
  return commit;
}

/** Takes an artifact from the store into the history; undefined where its bytes are not what they should be. */
export function bringArtifact(
  from: { readonly fs: FileSystem; readonly store: ArtifactStore },
  site: Site,
  entry: AcEntry,
): LocalArtifact | undefined {
  const imported = importArtifact({ store: from.store, entry, objects: site.history().objects });
  if (imported.kind === 'damaged') return undefined;
  keepOrigin(from.fs, site.gitDir, entry);
  const commit = keepArtifact(site, entry);
  return { commit, tree: imported.tree, id: entry.id };
}

/** What became of an artifact that was made here. */
export type Publication =
  | KeptArtifact
  /** It is neither in the store nor in the history. */
  | { readonly kind: 'refused'; readonly why: WeighedPaths };

export interface KeptArtifact {
  readonly kind: 'kept';
  readonly id: ArtifactId;
  readonly buildPaths: BuildPaths | undefined;
  /** The store has another content for this signature: the one that dependants use. */
  readonly stored?: AcEntry;
}

export interface PublishOptions {
  /** With its `do_`. */
  readonly task: string;
  readonly signature: Signature;
  readonly tree: TreeId;
  /** The commit of the task, where it ran here. */
  readonly commit: CommitId | undefined;
  readonly builtBy: Builder;
  /** Directories of this build, which it should not name. */
  readonly buildDirs: readonly string[];
  /** What is to be said of one that names such directories; where that is an error, it is no artifact. */
  readonly weigh: (found: BuildPaths) => WeighedPaths | undefined;
  /** What it was made from. */
  readonly inputs: readonly Input[];
  /** The artifact that a task after do_install was made from. */
  readonly from?: Start | undefined;
  /** The entry with which it came here, where somebody else made it. */
  readonly origin?: AcEntry | undefined;
  /** Made from a person's edits: it stays in the history. */
  readonly edited: boolean;
  /** `-f`: takes the place of what is stored. */
  readonly force: boolean;
}

/** Exports an artifact, signed where it was made here and there is a key, and keeps it in the history. */
export function publishArtifact(
  to: { readonly store: ArtifactStore; readonly trust: Trust },
  site: Site,
  options: PublishOptions,
): Publication {
  const { store, trust } = to;
  const { task, signature, tree, edited, force, inputs, origin, weigh } = options;
  const { objects } = site.history();
  const { watch, found } = searchTexts(options.buildDirs);
  const isSearched = origin === undefined && task === installTask;
  const exported = exportArtifact({
    objects,
    tree,
    time: site.epoch,
    store,
    watch: isSearched ? watch : undefined,
  });
  const buildPaths = origin?.buildPaths ?? tellBuildPaths(site, found, options.commit);
  const weighed = buildPaths && weigh(buildPaths);
  if (weighed?.level === 'error') return { kind: 'refused', why: weighed };
  const entry = entryOf(site, { ...exported, ...(buildPaths !== undefined && { buildPaths }) }, options);
  const sshsig = origin === undefined ? trust.sign(signedText(entry)) : origin.sshsig;
  const signed = { ...entry, ...(sshsig !== undefined && { sshsig }) };
  const put = (how: boolean): AcEntry => store.publish(signed, { force: how, inputs }).entry;
  const first = edited ? undefined : put(force);
  const isBetter = first?.buildPaths !== undefined && weigh(first.buildPaths)?.level === 'error';
  const published = isBetter ? put(true) : first;
  keepArtifact(site, { task, tree, id: exported.id, signature });
  const kept = { kind: 'kept', id: exported.id, buildPaths } as const;
  return published === undefined || published.id === exported.id ? kept : { ...kept, stored: published };
}

/** What another one made stays that one's; the signature of it holds as long as it gives the same archive here. */
function entryOf(
  site: Site,
  exported: Exported & Pick<AcEntry, 'buildPaths'>,
  { origin, task, signature, builtBy, from }: PublishOptions,
): AcEntry {
  const { name: recipe, version } = site.recipe;
  const made = origin ?? { recipe, version, builtBy, ...(from !== undefined && { from }) };
  return {
    schema: 1,
    recipe: made.recipe,
    version: made.version,
    task,
    signature,
    ...exported,
    builtBy: made.builtBy,
    ...(made.from !== undefined && { from: made.from }),
  };
}
