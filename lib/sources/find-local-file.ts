import { closest, distance } from 'fastest-levenshtein';
import { isAbsolute, join } from 'node:path';
import type { FileUri } from './parse-src-uri.ts';
import { sourceError, type SourceContext } from './source-context.ts';

/** Finds what a file:// entry names: the first of its name in the directories of FILESPATH. */
export function findLocalFile(context: SourceContext, uri: FileUri): string {
  const { fs } = context.world;
  const candidates = isAbsolute(uri.path) ? [uri.path] : context.filesPath.map((dir) => join(dir, uri.path));
  const found = candidates.find((path) => fs.existsSync(path));
  if (found !== undefined) return found;
  throw sourceError(context, 'metadata', {
    message: `there is no file for "${uri.text}"`,
    uri: uri.text,
    hints: [...didYouMean(context, uri), ...whereLooked(context, uri)],
  });
}

function whereLooked(context: SourceContext, uri: FileUri): readonly string[] {
  if (isAbsolute(uri.path)) return [`Looked for ${uri.path}.`];
  if (context.filesPath.length === 0) return ['FILESPATH is empty.'];
  const { fs } = context.world;
  const there = context.filesPath.filter((dir) => fs.existsSync(dir));
  if (there.length > 0) return [`Searched ${there.join(', ')} (the directories of FILESPATH that exist).`];
  return [
    `None of the directories of FILESPATH exists: put the file into ${context.filesPath.at(-1)}, for example.`,
  ];
}

/** Names in the directories of FILESPATH that are nearly the one asked for. */
function didYouMean(context: SourceContext, uri: FileUri): readonly string[] {
  if (isAbsolute(uri.path)) return [];
  const slash = uri.path.lastIndexOf('/');
  const folder = uri.path.slice(0, slash + 1);
  const asked = uri.path.slice(slash + 1);
  const names = context.filesPath.flatMap((dir) => listDirectory(context, join(dir, folder)));
  if (names.length === 0) return [];
  const nearest = closest(asked, [...new Set(names)].toSorted());
  if (distance(asked, nearest) > Math.max(2, asked.length / 3)) return [];
  return [`Did you mean "file://${folder}${nearest}"?`];
}

function listDirectory(context: SourceContext, dir: string): readonly string[] {
  try {
    return context.world.fs.readdirSync(dir);
  } catch {
    return [];
  }
}
