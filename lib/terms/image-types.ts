/** The forms in which an image can be written, as IMAGE_FSTYPES names them. */
export const imageTypes = ['cpio', 'cpio.gz', 'tar', 'tar.gz'] as const;
export type ImageType = (typeof imageTypes)[number];

/** Whether a word of IMAGE_FSTYPES is one of them. */
export function isImageType(word: string): word is ImageType {
  return (imageTypes as readonly string[]).includes(word);
}
