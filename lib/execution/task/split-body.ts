import type { Datastore } from '../../language/datastore.ts';

/** What varve does itself in the middle of a Python function. */
const nativeNames = [
  'fetch',
  'unpack',
  'check_source_dir',
  'patch',
  'check_licenses',
  'copy_licenses',
  'stage',
  'split_packages',
  'name_alternatives',
  'preset_units',
  'write_packagedata',
  'write_debs',
  'write_rpms',
  'install_packages',
  'complete_artifacts',
  'write_image',
  'describe_recipe',
] as const;
export type NativeName = (typeof nativeNames)[number];

/** Carries one of them out, with the variables as they are then. */
export type NativeCall = (name: NativeName, data: Datastore) => Promise<void>;

export type Segment =
  | { readonly kind: 'native'; readonly name: NativeName }
  /** Python text, and the line of the body (from 0) at which it begins. */
  | { readonly kind: 'python'; readonly text: string; readonly line: number };

const nativeLine = new RegExp(`^(\\s*)varve\\.(${nativeNames.join('|')})\\(d\\)\\s*$`);

/**
 * Cuts the body of a Python function at its `varve.fetch(d)` lines and the like, which the engine carries out itself:
 * so the classes need no Python for what every recipe does, and a recipe can still put Python before and after it.
 */
export function splitBody(body: string): readonly Segment[] {
  const segments: Segment[] = [];
  let text: string[] = [];
  let start = 0;
  const flush = (): void => {
    const isCode = text.some(
      (line) => line.trim() !== '' && !line.trim().startsWith('#') && line.trim() !== 'pass',
    );
    if (isCode) segments.push({ kind: 'python', text: text.join('\n'), line: start });
    text = [];
  };
  const lines = body.split('\n');
  const base = indentOf(lines.find((line) => line.trim() !== '') ?? '');
  lines.forEach((line, index) => {
    const [, indent, name] = nativeLine.exec(line) ?? [];
    if (indent === undefined || indent.length !== base) {
      if (text.length === 0) start = index;
      text.push(line);
      return;
    }
    flush();
    segments.push({ kind: 'native', name: name as NativeName });
  });
  flush();
  return segments;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
