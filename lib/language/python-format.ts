/** `'%s' % …` and `'{}'.format(…)`, in their plain forms. */
import {
  BeyondFastPath,
  isSequence,
  PythonRaised,
  toText,
  typeName,
  type PythonValue,
} from './python-values.ts';

/** `text % values`. */
export function formatPercent(text: string, values: PythonValue): string {
  const all = isSequence(values) && values.kind === 'tuple' ? values.items : [values];
  let used = 0;
  const result = text.replace(
    /%(?:(%)|([-0 ]?)(\d*)([sd])|([\s\S]?))/g,
    (_match, ...groups: (string | undefined)[]) => {
      const [percent, flag = '', width = '', type] = groups;
      if (percent !== undefined) return '%';
      if (type === undefined) throw new BeyondFastPath('an unusual format');
      const value = all[used++];
      if (value === undefined) throw new PythonRaised('TypeError', 'not enough arguments for format string');
      return padded(type === 'd' ? integer(value) : toText(value), { flag, width: Number(width), type });
    },
  );
  if (used < all.length) {
    throw new PythonRaised('TypeError', 'not all arguments converted during string formatting');
  }
  return result;
}

function integer(value: PythonValue): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return String(Number(value));
  throw new PythonRaised('TypeError', `%d format: a real number is required, not ${typeName(value)}`);
}

interface Padding {
  readonly flag: string;
  readonly width: number;
  readonly type: string;
}

function padded(text: string, { flag, width, type }: Padding): string {
  if (flag === '-') return text.padEnd(width);
  if (flag === ' ') throw new BeyondFastPath('an unusual format');
  if (flag !== '0' || type !== 'd') return text.padStart(width);
  const sign = text.startsWith('-') ? '-' : '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

/** `text.format(values…)`. */
export function formatBraces(text: string, values: readonly PythonValue[]): string {
  let next = 0;
  return text.replace(
    /\{\{|\}\}|\{(\d*)(?::([<>^]?)(\d*)s?)?\}|[{}]/g,
    (match, position: string | undefined, align = '', width = '') => {
      if (match === '{{' || match === '}}') return match.charAt(0);
      if (position === undefined) throw new BeyondFastPath('an unusual format');
      const value = values[position === '' ? next++ : Number(position)];
      if (value === undefined) throw new PythonRaised('IndexError', 'Replacement index out of range');
      if (width !== '' && typeof value !== 'string') throw new BeyondFastPath('an unusual format');
      return aligned(toText(value), align, Number(width));
    },
  );
}

function aligned(text: string, align: string, width: number): string {
  if (align === '>') return text.padStart(width);
  if (align !== '^') return text.padEnd(width);
  const left = Math.max(0, Math.floor((width - text.length) / 2));
  return (' '.repeat(left) + text).padEnd(width);
}
