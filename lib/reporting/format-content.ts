import type { ContentChange, ContentDifference, Sizes } from '../contents/content-change.ts';
import { formatCount } from './format-quantity.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';

/** Lines for one file. */
const MOST = 12;

/** Writes what changed inside a file, a line each, the most telling first; `--json` has all of it. */
export function formatContent(content: ContentDifference | undefined, paint: Paint): string {
  if (content === undefined) return '';
  const { changes } = content;
  const rest = changes.length > MOST ? changes.length - (MOST - 1) : 0;
  const shown = rest === 0 ? changes : changes.slice(0, MOST - 1);
  const lines = shown.map((change) => formatChange(change, paint));
  const more = `    and ${formatCount(rest, 'more change')}: --json has them`;
  return [...lines, ...(rest === 0 ? [] : [more])].map((line) => `${line}\n`).join('');
}

function formatChange(change: ContentChange, paint: Paint): string {
  const place = change.member === undefined ? '' : `${change.member}: `;
  const text = printable(place + describe(change));
  switch (change.status) {
    case 'A':
      return paint.green(`  + ${text}`);
    case 'D':
      return paint.red(`  - ${text}`);
    case 'M':
      return `    ${text}`;
    default:
      return change satisfies never;
  }
}

function describe(change: ContentChange): string {
  const { name } = change;
  switch (change.kind) {
    case 'fact':
      return `${name}${betweenTexts(change)}`;
    case 'needed':
      return `needs ${name}`;
    case 'used':
      return `uses ${name}`;
    case 'symbol':
      return `${change.exported ? change.type : `local ${change.type}`} ${name}${betweenSizes(change)}`;
    case 'section':
    case 'member':
      return `${change.kind} ${name}${betweenSizes(change)}`;
    default:
      return change satisfies never;
  }
}

function betweenTexts({ from, to }: { readonly from?: string; readonly to?: string }): string {
  if (from === undefined && to === undefined) return '';
  return from === undefined || to === undefined ? ` ${from ?? to}` : `: ${from} before, ${to} after`;
}

function betweenSizes({ from, to }: Sizes): string {
  if (from === undefined || to === undefined) return `, ${formatCount(from?.size ?? to?.size ?? 0, 'byte')}`;
  if (from.size === to.size) return `: other content, ${formatCount(to.size, 'byte')}`;
  return `: ${from.size} bytes before, ${to.size} after`;
}
