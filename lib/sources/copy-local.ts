import type { FileSystem } from '../ports/world.ts';
import { fileSource } from './byte-source.ts';
import type { Looks, TreeWriter } from './tree-writer.ts';

/** A file or directory to copy. */
export interface LocalCopy {
  readonly fs: FileSystem;
  readonly from: string;
  /** Its name for the writer: bytes as latin1 characters. */
  readonly name: string;
}

/**
 * Copies a file or a directory with all that is in it. A link that is named itself is followed; links within stay
 * links. Of modes only "may be run" is kept, as in git: the umask under which a layer was checked out is no source.
 */
export function copyLocal(writer: TreeWriter, { fs, from, name }: LocalCopy): void {
  const path = Buffer.from(from);
  const stat = fs.statSync(path);
  if (stat.isDirectory()) copyDirectory(writer, { fs, path, name });
  else copyFile(writer, { fs, path, name });
}

interface Copy {
  readonly fs: FileSystem;
  readonly path: Buffer;
  readonly name: string;
}

function copyDirectory(writer: TreeWriter, { fs, path, name }: Copy): void {
  writer.directory(name, { mode: 0o755, mtime: fs.statSync(path).mtimeMs / 1000 });
  for (const entry of fs.readdirSync(path, { withFileTypes: true, encoding: 'buffer' })) {
    const inner = {
      fs,
      path: Buffer.concat([path, SLASH, entry.name]),
      name: `${name}/${entry.name.toString('latin1')}`,
    };
    if (entry.isDirectory()) copyDirectory(writer, inner);
    else if (entry.isSymbolicLink()) copyLink(writer, inner);
    else if (entry.isFile()) copyFile(writer, inner);
  }
}

const SLASH = Buffer.from('/');

function copyLink(writer: TreeWriter, { fs, path, name }: Copy): void {
  const target = fs.readlinkSync(path, { encoding: 'buffer' }).toString('latin1');
  writer.symlink(name, target, fs.lstatSync(path).mtimeMs / 1000);
}

function copyFile(writer: TreeWriter, { fs, path, name }: Copy): void {
  const stat = fs.statSync(path);
  const looks: Looks = { mode: (stat.mode & 0o100) === 0 ? 0o644 : 0o755, mtime: stat.mtimeMs / 1000 };
  const source = fileSource(fs, path);
  try {
    writer.file(name, looks, (write) => {
      for (let piece = source.take(stat.size); piece.length > 0; piece = source.take(stat.size)) write(piece);
    });
  } finally {
    source.close();
  }
}
