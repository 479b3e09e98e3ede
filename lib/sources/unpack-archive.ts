import { join } from 'node:path';
import { archiveKind, type Compression } from './archive-kind.ts';
import { copyLocal } from './copy-local.ts';
import { openDecompressed } from './decompress.ts';
import { BadTar, readTar, type TarEntry } from './read-tar.ts';
import { sourceError, type SourceContext } from './source-context.ts';
import type { TreeWriter } from './tree-writer.ts';

/** Most members that an archive may have; the largest source trees known have a tenth of it. */
const MEMBER_LIMIT = 2_000_000;
const COPY_PIECE = 4 << 20;

export interface Archive {
  /** The entry of SRC_URI. */
  readonly uri: string;
  readonly path: string;
  /** Its name: decides, by its ending, what it is, and names what a single compressed file becomes. */
  readonly name: string;
  /** An empty directory to work in. */
  readonly scratch: string;
}

/** Unpacks an archive through a writer. Answers false for a file that is none, which then is to be copied. */
export function unpackArchive(context: SourceContext, writer: TreeWriter, archive: Archive): boolean {
  const what = archiveKind(archive.name);
  switch (what.kind) {
    case 'plain':
      return false;
    case 'tar':
      unpackTar(context, writer, { ...archive, compression: what.compression });
      return true;
    case 'zip':
      unpackZip(context, writer, archive);
      return true;
    case 'single':
      unpackSingle(context, writer, { ...archive, compression: what.compression });
      return true;
    case 'unsupported':
      throw sourceError(context, 'metadata', {
        message: `varve does not unpack archives like ${archive.name}`,
        uri: archive.uri,
        hints: [
          'Unpacked are tar (gz, bz2, xz, zst), zip, and single gz, bz2, xz and zst files; add ;unpack=0 and unpack it in a task.',
        ],
      });
    default:
      return what satisfies never;
  }
}

interface CompressedArchive extends Archive {
  readonly compression: Compression;
}

function unpackTar(context: SourceContext, writer: TreeWriter, archive: CompressedArchive): void {
  const source = openDecompressed(context, archive);
  let members = 0;
  try {
    readTar(source, (entry, body) => {
      members += 1;
      if (members > MEMBER_LIMIT) throw new BadTar(`has more than ${MEMBER_LIMIT} members`);
      writeEntry(writer, entry, body);
    });
  } catch (error) {
    if (!(error instanceof BadTar)) throw error;
    throw sourceError(context, 'task', {
      message: `the archive ${archive.path} ${error.message}`,
      uri: archive.uri,
      hints: ['If the download is damaged, delete it and build again. If it is no archive, add ;unpack=0.'],
    });
  } finally {
    source.close();
  }
}

function writeEntry(
  writer: TreeWriter,
  entry: TarEntry,
  body: (write: (bytes: Buffer) => void) => void,
): void {
  switch (entry.kind) {
    case 'file':
      return writer.file(entry.name, entry, body);
    case 'directory':
      return writer.directory(entry.name, entry);
    case 'symlink':
      return writer.symlink(entry.name, entry.target, entry.mtime);
    case 'hardlink':
      return writer.hardlink(entry.name, entry.target);
    case 'other':
      // Volume labels and the like have no place in a tree.
      if (entry.what.includes('"V"')) return;
      throw new BadTar(
        `holds ${entry.what}, ${Buffer.from(entry.name, 'latin1').toString('utf8')}, which varve does not unpack`,
      );
    default:
      return entry.kind satisfies never;
  }
}

/** Lets unzip write into an empty directory and takes the files from there, so that no name leads out of it. */
function unpackZip(context: SourceContext, writer: TreeWriter, archive: Archive): void {
  const { fs, env, run } = context.world;
  const dir = join(archive.scratch, 'zip');
  fs.mkdirSync(dir);
  const options = { env: { PATH: env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' } };
  const result = run('unzip', ['-q', '-o', archive.path, '-d', dir], options);
  // 1: there were warnings, but all was unpacked.
  if (result.status !== 0 && result.status !== 1) {
    throw sourceError(context, 'task', {
      message: `${archive.path} cannot be unpacked`,
      uri: archive.uri,
      hints:
        result.status === null ? ['Install the program unzip.'] : [result.stderr.toString('utf8').trim()],
    });
  }
  copyLocal(writer, { fs, from: dir, name: '.' });
}

function unpackSingle(context: SourceContext, writer: TreeWriter, archive: CompressedArchive): void {
  const name = archive.name.replace(/\.[^.]+$/, '');
  const { mtimeMs } = context.world.fs.statSync(archive.path);
  const source = openDecompressed(context, archive);
  try {
    writer.file(Buffer.from(name).toString('latin1'), { mode: 0o644, mtime: mtimeMs / 1000 }, (write) => {
      for (let piece = source.take(COPY_PIECE); piece.length > 0; piece = source.take(COPY_PIECE))
        write(piece);
    });
  } finally {
    source.close();
  }
}
