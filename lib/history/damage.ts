/** Bytes in a repository are not what they should be; told with its place as {@link damagedRepository}. */
export class Damage extends Error {
  /** Its message completes the sentence "object 1234 …: …". */
  override readonly name: string = 'Damage';
}
