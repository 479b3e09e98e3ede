import type { Mirrors } from '../../artifacts/mirrors.ts';
import { keepRevocations } from '../../artifacts/revocations-file.ts';
import { spokenRule } from '../../trust/rule.ts';
import type { BuildContext } from '../build-context.ts';

type Learning = Pick<BuildContext, 'trust' | 'places' | 'dryRun' | 'emit'> & {
  readonly world: Pick<BuildContext['world'], 'fs'>;
};

/** Takes in what mirrors say was revoked, for all that use the store; whether anything of it is new. */
export async function learnRevocations(
  { trust, world, places, dryRun, emit }: Learning,
  mirrors: Mirrors,
): Promise<boolean> {
  const fresh = trust.learn(await mirrors.revocations());
  for (const { rule, by, at } of fresh)
    emit({
      event: 'message',
      level: 'warning',
      text: `results are revoked by ${by} since ${at.slice(0, 19)}Z: ${spokenRule(rule)}`,
      hints: ['varve artifact revoke   lists what is revoked'],
    });
  if (!dryRun) {
    if (fresh.length > 0) keepRevocations({ fs: world.fs, dir: places.artifactDir }, fresh);
    mirrors.keepHeard();
  }
  return fresh.length > 0;
}
