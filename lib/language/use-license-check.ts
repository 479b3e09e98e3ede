import { addToFlag } from './add-to-flag.ts';
import type { Datastore } from './datastore.ts';
import { addTask, dependenciesOf } from './tasks.ts';

/**
 * Has do_populate_lic run, before do_install, where LIC_FILES_CHKSUM says what it is to check: so nothing is published
 * whose license text has changed, and where an artifact stands nothing is unpacked for it.
 */
export function useLicenseCheck(data: Datastore): void {
  const task = 'do_populate_lic';
  leaveOutPlace(data);
  if ((data.get('LIC_FILES_CHKSUM') ?? '').trim() === '' || !data.book.tasks.includes(task)) return;
  data.deleteFlag(task, 'noexec');
  const toBuild = dependenciesOf(data, 'do_build').filter((name) => name !== task);
  data.setFlag('do_build', 'deps', toBuild.join(' '));
  addTask(data, { task, before: 'do_install', after: '' });
}

/** Each text is the one with the md5: where the directory is makes no difference, and may be another on each machine. */
function leaveOutPlace(data: Datastore): void {
  const [texts, directory, isSet] = ['LIC_FILES_CHKSUM', 'COMMON_LICENSE_DIR', 'COMMON_LICENSE_DIR[isset]'];
  if (data.get(texts) === undefined || data.get(directory) === undefined) return;
  data.setFlag(directory, 'isset', '1');
  addToFlag(data, { name: texts, flag: 'vardepsexclude' }, [directory]);
  addToFlag(data, { name: texts, flag: 'vardeps' }, [isSet]);
}
