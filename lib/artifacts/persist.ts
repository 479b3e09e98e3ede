import { setTimeout as pause } from 'node:timers/promises';
import { Trouble } from './transport.ts';

const TRIES = 3;
const FIRST_PAUSE = 250;

/** Tries again, after a while, where another try may be answered otherwise; the last {@link Trouble} is the outcome. */
export async function persist<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Trouble) || error.final || attempt === TRIES) throw error;
    }
    await pause(FIRST_PAUSE * 2 ** (attempt - 1), undefined, { signal });
  }
}
