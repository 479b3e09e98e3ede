import type { ResolvedTree } from '../record/resolved-revision.ts';

/** A tree, and how it is spoken of. */
export interface NamedTree {
  readonly name: string;
  readonly resolved: ResolvedTree;
  /** Variables of the environment that tell the command where it is. */
  readonly told: Readonly<Record<string, string>>;
}

/** A recorded tree, and how it is spoken of. */
export type NamedResult = Pick<NamedTree, 'name' | 'resolved'>;

/** The same with what the command may want to know of it. */
export function toldWhere({ name, resolved }: NamedResult): NamedTree {
  const { build, task } = resolved;
  const told = {
    ...(build !== undefined && { VARVE_BUILD: String(build) }),
    ...(task !== undefined && { VARVE_TASK: task }),
  };
  return { name, resolved, told };
}
