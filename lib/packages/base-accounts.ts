import { type Accounts, readAccounts } from './system-accounts.ts';

/** Names that every target knows, with the numbers that Debian and OpenEmbedded give them. */
const GROUPS =
  'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 input:19 dialout:20 fax:21 voice:22 cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 shadow:42 utmp:43 video:44 sasl:45 plugdev:46 kvm:47 staff:50 games:60 shutdown:70 wheel:80 users:100 nogroup:65534';
const USERS =
  'root:0:0:/root:/bin/sh daemon:1:1:/usr/sbin bin:2:2:/bin sys:3:3:/dev sync:4:65534:/bin:/bin/sync games:5:60:/usr/games man:6:12:/var/cache/man lp:7:7:/var/spool/lpd mail:8:8:/var/mail news:9:9:/var/spool/news uucp:10:10:/var/spool/uucp proxy:13:13:/bin www-data:33:33:/var/www backup:34:34:/var/backups list:38:38:/var/list irc:39:39:/run/ircd nobody:65534:65534:/nonexistent';

/** The accounts of a target where no package says otherwise: root may log in nowhere until somebody sets a password. */
export function baseAccounts(): Accounts {
  const users = USERS.split(' ').map((user) => user.split(':'));
  const line = ([
    name = '',
    id = '',
    group = '',
    home = '',
    shell = '/sbin/nologin',
  ]: readonly string[]): string => `${name}:x:${id}:${group}:${name}:${home}:${shell}\n`;
  return readAccounts({
    passwd: users.map(line).join(''),
    group: GROUPS.split(' ')
      .map((group) => `${group.replace(':', ':x:')}:\n`)
      .join(''),
    shadow: users.map(([name = '']) => `${name}:*:::::::\n`).join(''),
  });
}
