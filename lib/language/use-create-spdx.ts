import type { Datastore } from './datastore.ts';

/** Has do_create_spdx run in a recipe that has packages: others are in no image. */
export function useCreateSpdx(data: Datastore): void {
  if ((data.get('PACKAGES') ?? '').trim() !== '') data.deleteFlag('do_create_spdx', 'noexec');
}
