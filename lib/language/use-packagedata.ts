import type { Datastore } from './datastore.ts';

/**
 * Has do_packagedata run in a recipe that has packages; elsewhere it is a name to order tasks by. Where a recipe does without
 * do_package there is nothing to write, whatever PACKAGES says.
 */
export function usePackagedata(data: Datastore): void {
  if (!splitsPackages(data))
    for (const task of ['do_package_write_deb', 'do_package_write_rpm']) data.setFlag(task, 'noexec', '1');
  else if ((data.get('PACKAGES') ?? '').trim() !== '') data.deleteFlag('do_packagedata', 'noexec');
}

function splitsPackages(data: Datastore): boolean {
  return data.book.tasks.includes('do_package') && data.rawFlag('do_package', 'noexec') === undefined;
}
