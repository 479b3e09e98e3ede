/** The text in which getfattr tells of extended attributes, and from which setfattr sets them. */
import { decodeRaw } from '../../trees/raw-text.ts';
import { formatXattrs, parseXattrs } from '../../trees/xattrs.ts';

/** Reads a dump, its values in base64: attributes by raw path, as `formatXattrs` writes them. */
export function parseXattrDump(dump: Buffer): ReadonlyMap<string, string> {
  const found = dump
    .toString('latin1')
    .split('\n\n')
    .flatMap((block) => {
      const [head = '', ...lines] = block.split('\n');
      const words = formatXattrs(new Map(lines.flatMap((line) => attributeOf(line) ?? [])));
      return head.startsWith(HEAD) && words !== undefined
        ? [[decodeRaw(head.slice(HEAD.length)), words] as const]
        : [];
    });
  return new Map(found);
}

/** Writes a dump. */
export function formatXattrDump(xattrs: ReadonlyMap<string, string>): Buffer {
  const blocks = [...xattrs].map(([path, words]) => {
    const lines = [...parseXattrs(words)].map(
      ([name, value]) => `${quoted(name)}=0s${Buffer.from(value, 'latin1').toString('base64')}\n`,
    );
    return `${HEAD}${quoted(path)}\n${lines.join('')}\n`;
  });
  return Buffer.from(blocks.join(''), 'latin1');
}

const HEAD = '# file: ';

function attributeOf(line: string): [[string, string]] | undefined {
  const equals = line.indexOf('=');
  if (equals === -1) return undefined;
  const name = decodeRaw(line.slice(0, equals));
  const value = Buffer.from(line.slice(equals + 1).replace(/^0s/, ''), 'base64').toString('latin1');
  return [[name, name === CAPABILITY ? ofAnyUser(value) : value]];
}

const CAPABILITY = 'security.capability';

/** One that was set in a user's own namespace ends in the id of that user, which is not the file's. */
function ofAnyUser(capability: string): string {
  return capability.length === 24 && capability[3] === '\x03'
    ? `${capability.slice(0, 3)}\x02${capability.slice(4, 20)}`
    : capability;
}

function quoted(text: string): string {
  return text.replaceAll(/[=\\\n\r]/g, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
