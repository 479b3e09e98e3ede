import { VarveError, type Place } from '../terms/varve-error.ts';

/** Refuses `NAME_append` and the like, which nothing means any more; `placeOf` says where that part stands. */
export function refuseOldSyntax(name: string, placeOf: (old: string) => Place | undefined): void {
  const old = /_(?:append|prepend|remove)/.exec(name)?.[0];
  if (old === undefined || name.startsWith('__anon_')) return;
  const place = placeOf(old);
  throw new VarveError('metadata', `${name} uses the override syntax of old, with an underscore`, {
    ...(place === undefined ? {} : { place }),
    hints: [`write ${name.replace(old, `:${old.slice(1)}`)}`],
  });
}
