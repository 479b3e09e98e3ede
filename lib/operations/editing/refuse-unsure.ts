import { editsNumber, findUnfinished } from '../../execution/workdir/find-left.ts';
import type { Site } from '../../execution/workdir/site.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { shownPath } from '../../trees/raw-text.ts';
import type { StepsWithTasks } from './typed-meanwhile.ts';

/** Throws where the WORKDIR shows what an unfinished task or a person did to sources, and nothing tells which. */
export function refuseUnsure(site: Site, { unsure }: StepsWithTasks): void {
  const { name } = site.recipe;
  const unfinished = findUnfinished(site);
  const paths = unsure.flatMap(({ path, step }) => (step.id === unfinished?.commit ? [shownPath(path)] : []));
  const [first] = paths;
  if (unfinished === undefined || first === undefined) return;
  const rev = (number: number | undefined): string => `${name}:edited@${number}`;
  const before = editsNumber(site, site.history().objects.readCommit(unfinished.commit).parents[0]);
  const others = paths.length === 1 ? '' : `, with ${paths.length - 1} more,`;
  throw new VarveError(
    'usage',
    `${first}${others} of ${name} was changed while ${unfinished.task} ran, which did not come to its end: ` +
      'nothing tells whether it was typed, or is of the task; nothing was changed',
    {
      hints: [
        `varve diff ${rev(editsNumber(site, unfinished.commit))} -- ${first}   shows it`,
        `varve edit finish ${name} --also ${first}   takes it as typed`,
        before === undefined
          ? `varve edit drop ${name}   gives it up; it stays in the record`
          : `varve shell ${rev(before)}   goes back to what was typed before`,
      ],
    },
  );
}
