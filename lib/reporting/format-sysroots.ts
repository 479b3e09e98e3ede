import { basename } from 'node:path';
import type { VerifiedSysroots } from '../operations/sysroots.ts';
import { formatHints } from './format-hints.ts';
import { formatCount } from './format-quantity.ts';
import type { Paint } from './paint.ts';

/** Tells what in the sysroots of a recipe is not as it was put there, a line each. */
export function formatSysroots({ recipe, sysroots, misfits }: VerifiedSysroots, paint: Paint): string {
  const dirOf = (kind: string): string =>
    basename(sysroots.find(({ sysroot }) => sysroot === kind)?.path ?? kind);
  const lines = misfits.map(({ how, sysroot, path, owners }) => {
    const from = owners.length === 0 ? '' : `  of ${owners.join(', ')}`;
    return `${how.padEnd(7)}  ${dirOf(sysroot)}/${path}${from}\n`;
  });
  const entries = sysroots.reduce((sum, each) => sum + each.entries, 0);
  const looked = formatCount(entries, 'entry', 'entries');
  if (misfits.length === 0) return `${recipe}: ${looked} in its sysroots, all as they were put there\n`;
  const summary = `${recipe}: ${misfits.length} of ${looked} in its sysroots not as they were put there\n`;
  const hint = `the next task of ${recipe} that runs has it put right; nothing of it comes into an artifact`;
  return `${lines.join('')}${summary}${formatHints([hint], paint)}`;
}
