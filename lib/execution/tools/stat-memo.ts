/** Answers that hold as long as certain files stay as they are, kept in a file between runs. */
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { FileSystem } from '../../ports/world.ts';

export interface StatMemo {
  /** The answer from earlier if all `files` are as they were then, else a new one. */
  remember(question: string, files: readonly string[], answer: () => string): string;
  /** Writes the file if there is something new. */
  save(): void;
}

interface Entry {
  readonly stats: string;
  readonly answer: string;
}

/** Opens a memo; one that is absent or damaged is empty. */
export function openStatMemo(fs: FileSystem, path: string): StatMemo {
  const entries = new Map(Object.entries(readEntries(fs, path)));
  let changed = false;
  return {
    remember(question, files, answer) {
      const stats = files.map((file) => statOf(fs, file)).join(' ');
      const known = entries.get(question);
      if (known?.stats === stats) return known.answer;
      const entry = { stats, answer: answer() };
      entries.set(question, entry);
      changed = true;
      return entry.answer;
    },
    save() {
      if (!changed) return;
      changed = false;
      try {
        fs.mkdirSync(dirname(path), { recursive: true });
        // Builds in other directories may be writing it too: the last one wins, and none reads half a file.
        const aside = `${path}.${randomBytes(6).toString('hex')}`;
        fs.writeFileSync(aside, JSON.stringify(Object.fromEntries(entries)));
        fs.renameSync(aside, path);
      } catch {
        // It saves time only: where it cannot be kept, the next run asks again.
      }
    },
  };
}

function readEntries(fs: FileSystem, path: string): Readonly<Record<string, Entry>> {
  try {
    const read: unknown = JSON.parse(fs.readFileSync(path, 'utf8'));
    return typeof read === 'object' && read !== null ? (read as Record<string, Entry>) : {};
  } catch {
    return {};
  }
}

/** The change time is there because a file may be replaced by one of the same size and modification time. */
function statOf(fs: FileSystem, path: string): string {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = fs.statSync(path);
    return [path, dev, ino, size, mtimeMs, ctimeMs].join(':');
  } catch {
    return `${path}:none`;
  }
}
