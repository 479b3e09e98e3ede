/** An archive is not what its entry says. Never leaves this folder: it becomes a value there. */
export class Damage extends Error {
  /** Its message completes the sentence "the artifact of zlib cannot be used: …". */
  override readonly name: string = 'Damage';
}
