import { indexedRpm, rpmIndex, type RpmIndexed } from '../../packages/rpm-index.ts';
import { readRpm } from '../packaging/read-rpm.ts';
import type { FeedForm } from './index-feeds.ts';

/** A directory that dnf installs from: each package is described by what the files of the index say of it, as JSON. */
export const dnfFeed: FeedForm = {
  task: 'do_package_write_rpm',
  ending: 'rpm',
  dir: 'repodata',
  describe(file, content) {
    const offered = readRpm(file, content);
    return offered && JSON.stringify(indexedRpm(offered));
  },
  index: (described) => rpmIndex(described.map((one) => JSON.parse(one) as RpmIndexed)),
};
