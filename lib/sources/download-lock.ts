import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SourceContext } from './source-context.ts';

const POLL = 200;
/** Milliseconds after which a lock of another machine that nobody has touched counts as left behind. */
const FORGOTTEN = 10 * 60_000;

/**
 * Does `work` while holding `path`.lock, so that builds which share DL_DIR do not fetch one thing at once. Waits for
 * a holder that lives; the lock of a dead one is taken over.
 */
export async function withDownloadLock<T>(
  context: SourceContext,
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  const { fs } = context.world;
  const lock = `${path}.lock`;
  fs.mkdirSync(dirname(lock), { recursive: true });
  let waiting = false;
  while (!tryLock(context, lock)) {
    if (isLeftBehind(context, lock)) {
      fs.rmSync(lock, { force: true });
      continue;
    }
    if (!waiting) context.log(`waiting for another build that fetches ${path}`);
    waiting = true;
    await pause(POLL, undefined, { signal: context.signal });
  }
  try {
    return await work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function tryLock(context: SourceContext, lock: string): boolean {
  const { fs, pid, hostname } = context.world;
  try {
    fs.writeFileSync(lock, `${pid} ${hostname}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function isLeftBehind(context: SourceContext, lock: string): boolean {
  const { fs, hostname, now } = context.world;
  const stat = fs.statSync(lock, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  const age = now() - stat.mtimeMs;
  const [holder = '', host = ''] = readLock(context, lock).trim().split(' ');
  if (host !== hostname) return age > FORGOTTEN;
  return fs.existsSync('/proc/self') ? !fs.existsSync(`/proc/${holder}`) : age > FORGOTTEN;
}

function readLock(context: SourceContext, lock: string): string {
  try {
    return context.world.fs.readFileSync(lock, 'utf8');
  } catch {
    return ''; // Released in this moment.
  }
}
