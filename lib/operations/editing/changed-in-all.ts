import type { MailPatch, PatchedFile } from '../../sources/format-mail-patch.ts';

/** What patches change one after another, as one change of each file. */
export function changedInAll(patches: readonly Pick<MailPatch, 'files'>[]): readonly PatchedFile[] {
  const changed = new Map<string, PatchedFile>();
  for (const { path, from, to } of patches.flatMap(({ files }) => files)) {
    const before = changed.get(path);
    const first = before === undefined ? from : before.from;
    changed.set(path, { path, ...(first && { from: first }), ...(to && { to }) });
  }
  return [...changed.values()].filter((file) => !isSame(file));
}

function isSame({ from, to }: PatchedFile): boolean {
  if (from === undefined || to === undefined) return from === to;
  return from.mode === to.mode && from.content.equals(to.content);
}
