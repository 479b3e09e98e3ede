import { keepRevocations } from '../../artifacts/revocations-file.ts';
import type { Revocation } from '../../trust/revocation.ts';
import { spokenRule } from '../../trust/rule.ts';
import type { BuildContext } from '../build-context.ts';

type Learning = Pick<BuildContext, 'trust' | 'places' | 'dryRun' | 'emit'> & {
  readonly world: Pick<BuildContext['world'], 'fs'>;
};

/** Takes in what mirrors say was revoked, for all that use the store; whether anything of it is new. */
export function learnRevocations(
  { trust, world, places, dryRun, emit }: Learning,
  revocations: readonly Revocation[],
): boolean {
  const fresh = trust.learn(revocations);
  for (const { rule, by, at } of fresh)
    emit({
      event: 'message',
      level: 'warning',
      text: `results are revoked by ${by} since ${at.slice(0, 19)}Z: ${spokenRule(rule)}`,
      hints: ['varve artifact revoke   lists what is revoked'],
    });
  if (fresh.length > 0 && !dryRun) keepRevocations({ fs: world.fs, dir: places.artifactDir }, fresh);
  return fresh.length > 0;
}
