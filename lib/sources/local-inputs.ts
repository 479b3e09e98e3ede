/** What files of the machine are, as inputs: content, and of modes only what unpacking keeps. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import { ownPath, systemPath } from '../trees/raw-text.ts';
import { rememberedSha256 } from './file-sha256.ts';
import { sourceError, type FileMemo, type SourceAsker } from './source-context.ts';

export interface LocalAsker extends SourceAsker {
  readonly world: { readonly fs: FileSystem };
  readonly memo?: FileMemo;
}

export interface LocalInput {
  readonly path: string;
  /** As the input is called; of what is in a directory the path in there follows. */
  readonly name: string;
  /** For who reads in a directory: names that are passed over, and files that links lead to count by their content. */
  readonly without?: ReadonlySet<string>;
}

/** A file, or a directory file by file. */
export function localInputs(asker: LocalAsker, local: LocalInput): readonly Input[] {
  const isDirectory = asker.world.fs.statSync(systemPath(local.path)).isDirectory();
  return isDirectory ? directoryInputs(asker, local) : [localFileInput(asker, local)];
}

export function localFileInput(asker: LocalAsker, { name, path }: LocalInput): Input {
  return { kind: 'file', name, value: fileValue(asker, path), at: path };
}

function directoryInputs(asker: LocalAsker, { path: dir, name, without }: LocalInput): readonly Input[] {
  const { fs } = asker.world;
  const entries = fs
    .readdirSync(systemPath(dir), { withFileTypes: true, encoding: 'buffer' })
    .map((entry) => ({ entry, own: ownPath(entry.name.toString('latin1')) }))
    .filter(({ own }) => without?.has(own) !== true)
    .toSorted((a, b) => byCodeUnit(a.own, b.own));
  if (entries.length === 0) return [{ kind: 'file', name: `${name}/`, value: 'directory', at: dir }];
  return entries.flatMap(({ entry, own }): readonly Input[] => {
    const inner = { path: join(dir, own), name: `${name}/${own}`, ...(without && { without }) };
    if (entry.isDirectory()) return directoryInputs(asker, inner);
    if (entry.isSymbolicLink() && !(without !== undefined && leadsToFile(fs, inner.path))) {
      const target = createHash('sha256')
        .update(fs.readlinkSync(systemPath(inner.path), 'buffer'))
        .digest('hex');
      return [{ kind: 'file', name: inner.name, value: `sha256:${target} link`, at: inner.path }];
    }
    return [localFileInput(asker, inner)];
  });
}

function leadsToFile(fs: FileSystem, path: string): boolean {
  return fs.statSync(systemPath(path), { throwIfNoEntry: false })?.isFile() === true;
}

/** Content and mode; of the mode only what unpacking keeps, so that no one's umask enters. */
function fileValue(asker: LocalAsker, path: string): string {
  const { fs } = asker.world;
  const stats = fs.statSync(systemPath(path));
  // A fifo that is opened has to be waited for, for ever.
  if (!stats.isFile())
    throw sourceError(asker, 'metadata', {
      message: `${path} is a fifo, a socket or a device, of which no source can be made`,
      hints: [`rm ${path}`, 'Or have SRC_URI name what lies beside it.'],
    });
  const mode = (stats.mode & 0o100) === 0 ? '644' : '755';
  return `sha256:${rememberedSha256(fs, path, asker.memo)} ${mode}`;
}
