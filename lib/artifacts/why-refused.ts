import type { Input } from '../terms/inputs.ts';
import type { Making } from '../trust/rule.ts';
import type { Claim, Trust } from '../trust/trust.ts';
import { signedText, type AcEntry, type Builder } from './ac-entry.ts';

/** Why an entry does not count, after "it"; undefined: it does. `inputs` as {@link Trust} has them. */
export function whyRefused(trust: Trust, entry: AcEntry, inputs?: readonly Input[]): string | undefined {
  return trust.isAsked ? trust.whyNot(claimOf(entry), inputs) : undefined;
}

/** An entry as somebody's word. */
export function claimOf(entry: AcEntry): Claim {
  const { recipe, builtBy, from, sshsig } = entry;
  return {
    text: signedText(entry),
    ...(sshsig !== undefined && { sshsig }),
    making: makingBy(recipe, builtBy),
    ...(from !== undefined && {
      from: { ...makingBy(recipe, from.builtBy), ...(from.key !== undefined && { key: from.key }) },
    }),
  };
}

function makingBy(recipe: string, { host, at }: Builder): Making {
  return { recipe, host, ...(at !== undefined && { at }) };
}
