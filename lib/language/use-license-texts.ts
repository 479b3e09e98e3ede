import type { Datastore } from './datastore.ts';

/** Has do_license_texts run in a recipe whose LIC_FILES_CHKSUM names texts. */
export function useLicenseTexts(data: Datastore): void {
  if ((data.get('LIC_FILES_CHKSUM') ?? '').trim() !== '') data.deleteFlag('do_license_texts', 'noexec');
}
