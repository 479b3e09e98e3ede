/** The names in an exported file, and which names of a repository go along: the one owner of both. */

import { isRecipeName } from '../../terms/revision.ts';
import { rawPath, shownPath } from '../../trees/raw-text.ts';

export interface ExportHead {
  readonly schema: 1;
  /** Which varve wrote it. */
  readonly varve: string;
  /** `builds` and `ARCH/PN`, in the order in which they come. */
  readonly repositories: readonly string[];
}

export const HEAD_MEMBER = 'varve-history';
export const BUILDS_KEY = 'builds';

/** What a member is of. */
export type ExportedMember =
  | {
      readonly kind: 'object';
      readonly key: string;
      readonly type: 'commit' | 'tree' | 'blob';
      readonly id: string;
    }
  | {
      readonly kind: 'note';
      readonly key: string;
      readonly notes: 'runs' | 'logs' | 'times';
      readonly id: string;
    }
  | { readonly kind: 'refs'; readonly key: string }
  /** The builds whose parents do not go along; before all else of them. */
  | { readonly kind: 'shallow'; readonly key: typeof BUILDS_KEY };

/** A raw name. */
export function memberName(member: ExportedMember): string {
  const key = rawPath(member.key);
  switch (member.kind) {
    case 'object':
      return `${key}/${member.type}/${member.id}`;
    case 'note':
      return `${key}/${member.notes}/${member.id}`;
    case 'refs':
    case 'shallow':
      return `${key}/${member.kind}`;
    default:
      return member satisfies never;
  }
}

/** Reads a member's raw name; undefined where it is none of ours. */
export function parseMemberName(raw: string): ExportedMember | undefined {
  const [, key = '', what = '', id] =
    /^(.+?)\/(refs|shallow|(?:commit|tree|blob|runs|logs|times)(?=\/))(?:\/([0-9a-f]{40}))?$/.exec(
      shownPath(raw),
    ) ?? [];
  if (!isKey(key)) return undefined;
  if (id === undefined) {
    if (what === 'shallow') return key === BUILDS_KEY ? { kind: 'shallow', key } : undefined;
    return what === 'refs' ? { kind: 'refs', key } : undefined;
  }
  if (what === 'commit' || what === 'tree' || what === 'blob') return { kind: 'object', key, type: what, id };
  if (what === 'runs' || what === 'logs' || what === 'times') return { kind: 'note', key, notes: what, id };
  return undefined;
}

/** Whether a repository may be called so: nothing that leads anywhere else. */
export function isKey(key: string): boolean {
  const [arch = '', recipe = '', ...more] = key.split('/');
  return key === BUILDS_KEY || (more.length === 0 && isRecipeName(arch) && isRecipeName(recipe));
}

/** Whether a name of a repository goes along: those that builds give. */
export function isExportedRef(key: string, name: string): boolean {
  const form =
    key === BUILDS_KEY
      ? /^refs\/tags\/(?:[1-9]\d*|[A-Za-z][A-Za-z0-9._-]*)$/
      : /^refs\/(?:tags\/(?:do_\w+(?:@\w+)?|edited@\d+)|artifacts\/[0-9a-f]{12}|varve\/builds\/[1-9]\d*)$/;
  return form.test(name) && !/\.\.|\.$|\.lock$/.test(name);
}
