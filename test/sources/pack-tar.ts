/** A member of a tar made for a test; names may be any bytes, as latin1 characters. */
export interface Member {
  readonly name: string;
  /** `0` file, `1` hard link, `2` symbolic link, `3` device, `5` directory, `x` extended header … */
  readonly type?: string;
  readonly target?: string;
  readonly content?: string;
  readonly mode?: number;
  readonly mtime?: number;
}

/** Packs members as they are, however hostile. */
export function packTar(members: readonly Member[]): Buffer {
  return Buffer.concat([...members.flatMap(packMember), Buffer.alloc(1024)]);
}

/** The content of an extended header. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (`${length}${rest}`.length !== length) length += 1;
  return `${length}${rest}`;
}

function packMember({
  name,
  type = '0',
  target = '',
  content = '',
  mode = 0o644,
  mtime = 0,
}: Member): Buffer[] {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'latin1');
  header.write(octal(mode, 7), 100);
  header.write(octal(content.length, 11), 124);
  header.write(octal(mtime, 11), 136);
  header.write(type, 156);
  header.write(target, 157, 'latin1');
  header.write('ustar\u000000', 257);
  header.fill(' ', 148, 156);
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  const body = Buffer.from(content, 'latin1');
  return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
