/** What an archive of ar(1) begins with. */
export const AR_MAGIC = '!<arch>\n';

/** Makes the 60 bytes before a member, whose content is filled up to an even length with a line break. */
export function arHeader(member: {
  /** 16 characters at most. */
  readonly name: string;
  readonly size: number;
  /** Seconds since the epoch. */
  readonly time: number;
}): Buffer {
  const { name, size, time } = member;
  const fields = [
    name.padEnd(16),
    String(time).padEnd(12),
    '0'.padEnd(6),
    '0'.padEnd(6),
    '100644'.padEnd(8),
    String(size).padEnd(10),
  ];
  return Buffer.from(`${fields.join('')}\`\n`, 'latin1');
}
