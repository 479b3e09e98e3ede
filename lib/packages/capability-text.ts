/** A file's capabilities, as the kernel has them in an extended attribute, in the words of cap_from_text(3). */

/** Reads the value of security.capability; undefined: it is no such value, or of a user namespace. */
export function capabilityText(value: Buffer): string | undefined {
  const revision = value.length < 4 ? undefined : REVISIONS.get(value.readUInt32LE(0) & ~EFFECTIVE);
  if (revision === undefined || value.length !== 4 + 8 * revision) return undefined;
  const isEffective = (value.readUInt32LE(0) & EFFECTIVE) !== 0;
  const has = (capability: number, offset: number): boolean =>
    capability < 32 * revision &&
    ((value.readUInt32LE(4 + 8 * (capability >> 5) + offset) >>> (capability & 31)) & 1) === 1;
  const byFlags = new Map<string, string[]>();
  for (let capability = 0; capability < 64; capability += 1) {
    const [permitted, inheritable] = [has(capability, 0), has(capability, 4)];
    if (!permitted && !inheritable) continue;
    const flags = `${isEffective ? 'e' : ''}${inheritable ? 'i' : ''}${permitted ? 'p' : ''}`;
    byFlags.set(flags, [...(byFlags.get(flags) ?? []), NAMES[capability] ?? String(capability)]);
  }
  const clauses = [...byFlags].map(
    ([flags, names]) =>
      `${names.map((name) => (/^\d/.test(name) ? name : `cap_${name}`)).join(',')}=${flags}`,
  );
  return clauses.length === 0 ? '=' : clauses.join(' ');
}

/** Makes the value out of what {@link capabilityText} wrote; undefined for ''. */
export function capabilityValue(text: string): Buffer | undefined {
  if (text === '') return undefined;
  const value = Buffer.alloc(20);
  value.writeUInt32LE(VERSION_2, 0);
  for (const clause of text.split(' ').filter((one) => one !== '=')) {
    const [names = '', flags = ''] = clause.split('=');
    if (flags.includes('e')) value.writeUInt32LE(VERSION_2 | EFFECTIVE, 0);
    for (const name of names.split(',').map((one) => one.replace(/^cap_/, ''))) {
      const capability = /^\d+$/.test(name) ? Number(name) : NAMES.indexOf(name);
      for (const [flag, offset] of [
        ['p', 0],
        ['i', 4],
      ] as const) {
        const at = 4 + 8 * (capability >> 5) + offset;
        if (flags.includes(flag))
          value.writeUInt32LE((value.readUInt32LE(at) | (1 << (capability & 31))) >>> 0, at);
      }
    }
  }
  return value;
}

const EFFECTIVE = 1;
const VERSION_2 = 0x02000000;
/** Words of 32 capabilities each, by version; the third has a user's namespace, which no text tells. */
const REVISIONS: ReadonlyMap<number, number> = new Map([
  [0x01000000, 1],
  [VERSION_2, 2],
]);

/** By their numbers. */
const NAMES =
  `chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service
net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot
sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog
wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore`.split(/\s/);
