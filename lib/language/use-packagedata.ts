import type { Datastore } from './datastore.ts';

/** Has do_packagedata run in a recipe that has packages; elsewhere it is a name to order tasks by. */
export function usePackagedata(data: Datastore): void {
  if ((data.get('PACKAGES') ?? '').trim() !== '') data.deleteFlag('do_packagedata', 'noexec');
}
