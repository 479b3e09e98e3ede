import { imageTypes, isImageType } from '../terms/image-types.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';
import { addTask } from './tasks.ts';

/** Gives an image do_image_complete where it is to be written, or what it is made of to be told; refuses unknown IMAGE_FSTYPES. */
export function useImageTypes(data: Datastore): void {
  const types = splitWords(data.get('IMAGE_FSTYPES'));
  const unknown = types.find((type) => !isImageType(type));
  if (unknown !== undefined) throw unknownType(data, unknown);
  const isOfPackages = splitWords(data.get('PACKAGE_CLASSES')).length > 0;
  const isTold = ['do_create_spdx', 'do_license_texts'].some((task) => data.book.tasks.includes(task));
  if (types.length > 0 || isOfPackages || isTold)
    addTask(data, { task: 'do_image_complete', after: 'do_install', before: 'do_build' });
}

function unknownType(data: Datastore, type: string): VarveError {
  const origin = data.origins('IMAGE_FSTYPES').findLast(({ detail }) => splitWords(detail).includes(type));
  return new VarveError(
    'metadata',
    `IMAGE_FSTYPES of ${data.get('PN') ?? ''} has ${type}: varve writes ${imageTypes.join(', ')}`,
    {
      ...(origin && { place: { file: origin.file, line: origin.line } }),
      hints: ['IMAGE_FSTYPES:forcevariable = "tar.gz"   in conf/local.conf asks for no other'],
    },
  );
}
