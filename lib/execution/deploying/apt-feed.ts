import { gzipSync } from 'node:zlib';
import { packageStanza, releaseText } from '../../packages/apt-index.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { readDeb } from '../packaging/read-deb.ts';
import type { FeedForm } from './index-feeds.ts';

/** A directory that apt installs from: each package is described by its stanza of `Packages`. */
export const aptFeed: FeedForm = {
  task: 'do_package_write_deb',
  ending: 'deb',
  dir: '',
  describe(file, content) {
    const offered = readDeb(file, content);
    return offered && packageStanza(offered);
  },
  index(stanzas) {
    const text = Buffer.from(stanzas.join('\n'));
    const indexes = [['Packages', text] as const, ['Packages.gz', gzipSync(text, { level: 9 })] as const];
    const found = stanzas.flatMap((stanza) => /^Architecture: (.*)$/m.exec(stanza)?.[1] ?? []);
    const architectures = [...new Set(found)].sort(byCodeUnit);
    return [...indexes, ['Release', Buffer.from(releaseText(architectures, indexes))] as const];
  },
};
