/** Artifacts as files that people carry around: the archive, and beside it what it is of. */
import { formatAcEntry, parseAcEntry, type AcEntry } from '../artifacts/ac-entry.ts';
import { asideOf } from '../artifacts/members-file.ts';
import { checkArtifact } from '../artifacts/read-artifact.ts';
import { openStore, type ArtifactStore } from '../artifacts/store.ts';
import { takeArtifact } from '../artifacts/take-artifact.ts';
import { whyRefused } from '../artifacts/why-refused.ts';
import type { World } from '../ports/world.ts';
import { fileSha256 } from '../sources/file-sha256.ts';
import { VarveError } from '../terms/varve-error.ts';
import { notStored, storedEntry } from './artifacts.ts';
import { refuseTarget } from './sharing/refuse-target.ts';
import { openRecord } from './record/open-record.ts';
import { configuredTrust } from './store/open-trust.ts';
import type { Say } from '../terms/say.ts';

export interface ExportedFile extends AcEntry {
  readonly file: string;
  /** Says what the archive is of; `import` reads it. */
  readonly entryFile: string;
}

export interface ImportedFile extends AcEntry {
  readonly file: string;
  /** `other`: the store has another content for the same inputs, which stays. */
  readonly outcome: 'imported' | 'already-there' | 'other';
}

interface FileRequest {
  readonly buildDir: string;
  /** Absolute. */
  readonly file: string;
}

const entryFileOf = (file: string): string => `${file}.json`;

/** Copies the archive of a recipe's artifact to a file, after looking whether it is whole; its entry goes beside it. */
export function exportArtifactFile(
  world: World,
  request: FileRequest & { readonly rev: string },
  say: Say,
): ExportedFile {
  refuseTarget(world, request.file, 'artifact.tar.gz');
  refuseForeignEntry(world, request.file);
  const record = openRecord(world, request.buildDir);
  const { entry, inputs } = storedEntry(record, request.rev);
  const refused = whyRefused(configuredTrust(world, request.buildDir, say), entry, inputs);
  if (refused !== undefined) throw notStored(request.rev, entry.recipe, `what there is ${refused}`);
  const store = record.store();
  const checked = checkArtifact({ store, entry });
  if (checked.kind === 'damaged') throw notStored(request.rev, entry.recipe, `it is damaged: ${checked.why}`);
  const { file } = request;
  const entryFile = entryFileOf(file);
  const [archiveAside, entryAside] = [asideOf(file), asideOf(entryFile)];
  try {
    world.fs.copyFileSync(store.archives.path(entry.archive), archiveAside);
    world.fs.writeFileSync(entryAside, formatAcEntry(entry));
    world.fs.renameSync(entryAside, entryFile);
    world.fs.renameSync(archiveAside, file);
  } finally {
    for (const aside of [archiveAside, entryAside]) world.fs.rmSync(aside, { force: true });
  }
  return { ...entry, file, entryFile };
}

/** Takes what `export` wrote into the store, whole and verified; what stands there stays. */
export function importArtifactFile(world: World, request: FileRequest, say: Say): ImportedFile {
  const { file } = request;
  if (!world.fs.existsSync(file)) throw new VarveError('usage', `there is no file ${file}`);
  const { places } = openRecord(world, request.buildDir);
  const trust = configuredTrust(world, request.buildDir, say);
  const store = openStore({ fs: world.fs, dir: places.artifactDir }, trust);
  const entry = entryBeside(world, file) ?? bereftEntry(world, store, file);
  const refused = whyRefused(trust, entry);
  if (refused !== undefined) throw doesNotCount(file, refused);
  const taken = takeArtifact({ store, entry, file });
  switch (taken.kind) {
    case 'taken':
      return { ...entry, file, outcome: 'imported' };
    case 'existing':
      return { ...taken.entry, file, outcome: taken.entry.id === entry.id ? 'already-there' : 'other' };
    case 'damaged':
      throw new VarveError('usage', `${file} cannot be used: ${taken.why}`, {
        hints: [`varve artifact export ${entry.recipe} FILE   writes it anew, where it is whole`],
      });
    default:
      return taken satisfies never;
  }
}

function doesNotCount(file: string, why: string): VarveError {
  return new VarveError('usage', `${file} cannot be used: it ${why}`, {
    hints: ['ARTIFACT_TRUSTED_KEYS and "varve artifact revoke" say what counts here.'],
  });
}

/** Refuses to write over what is beside the archive and is no entry. */
function refuseForeignEntry({ fs }: World, archive: string): void {
  const file = entryFileOf(archive);
  if (!fs.existsSync(file) || typeof parseAcEntry(fs.readFileSync(file, 'utf8')) !== 'string') return;
  throw new VarveError('usage', `${archive} cannot be written: its entry goes to ${file}, which is none`, {
    hints: [`name another file, or: rm ${file}`],
  });
}

function entryBeside(world: World, file: string): AcEntry | undefined {
  const path = entryFileOf(file);
  if (!world.fs.existsSync(path)) return undefined;
  const entry = parseAcEntry(world.fs.readFileSync(path, 'utf8'));
  if (typeof entry !== 'string') return entry;
  throw new VarveError('usage', `${path} cannot be used: ${entry}`, {
    hints: ['It is written by "varve artifact export", and carried along as it is.'],
  });
}

/** Without an entry beside it a file can still be the archive that an entry of the store has lost. */
function bereftEntry(world: World, store: ArtifactStore, file: string): AcEntry {
  const sha256 = fileSha256(world.fs, file);
  const { bereft, damaged } = store.list();
  const lost = damaged.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  const found = [...bereft, ...lost].find(({ archive }) => archive.sha256 === sha256);
  if (found !== undefined) return found;
  throw new VarveError('usage', `${file} does not say what it was made from`, {
    hints: [`Bring ${entryFileOf(file)} along, which "varve artifact export" wrote beside it.`],
  });
}
