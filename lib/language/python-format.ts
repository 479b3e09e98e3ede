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
    /%(?:(%)|([-0 ]?)(\d{0,4})([sd])|([\s\S]?))/g,
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
    // A list may stand for what could be named, and then nothing need be.
    if (isSequence(values) && values.kind === 'list') throw new BeyondFastPath('an unusual format');
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
  if (width > 0 && /[\ud800-\udfff]/.test(text)) throw new BeyondFastPath('an unusual character');
  if (flag === '-') return text.padEnd(width);
  if (flag === ' ') throw new BeyondFastPath('an unusual format');
  if (flag !== '0' || type !== 'd') return text.padStart(width);
  const sign = text.startsWith('-') ? '-' : '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

/** `text.format(values…)`. */
export function formatBraces(text: string, values: readonly PythonValue[]): string {
  let next = 0;
  // Python takes either places that are counted or places that are named, not both.
  if (/\{[:}]/.test(text) && /\{\d/.test(text)) throw new BeyondFastPath('an unusual format');
  return text.replace(
    /\{\{|\}\}|\{(\d*)(?::([<>^]?[1-9]?\d{0,3}s?))?\}|[{}]/g,
    (match, position: string | undefined, format = '') => {
      if (match === '{{' || match === '}}') return match.charAt(0);
      if (position === undefined) throw new BeyondFastPath('an unusual format');
      const value = values[position === '' ? next++ : Number(position)];
      if (value === undefined) throw new PythonRaised('IndexError', 'Replacement index out of range');
      const isPlain = typeof value === 'string' && !/[\ud800-\udfff]/.test(value);
      if (format === '') return toText(value);
      if (!isPlain || /^[<>^]?0/.test(format)) throw new BeyondFastPath('an unusual format');
      return aligned(value, format.charAt(0), Number(format.replaceAll(/\D/g, '')));
    },
  );
}

function aligned(text: string, align: string, width: number): string {
  if (align === '>') return text.padStart(width);
  if (align !== '^') return text.padEnd(width);
  const left = Math.max(0, Math.floor((width - text.length) / 2));
  return (' '.repeat(left) + text).padEnd(width);
}
