/** How long tasks took, as far as it was seen here: a guide to what goes first, and nothing else. */
import { dirname } from 'node:path';
import type { World } from '../../ports/world.ts';
import type { TaskId } from '../../terms/ids.ts';

export interface TaskTimes {
  /** Milliseconds that it took the last time. */
  of(task: TaskId): number | undefined;
  /** It took so long this time. */
  note(task: TaskId, milliseconds: number): void;
  /** Keeps what was noted. */
  save(): void;
}

/** Opens the file that they are kept in; it is read when it is first of use. */
export function openTaskTimes({ fs }: Pick<World, 'fs'>, path: string): TaskTimes {
  const noted = new Map<TaskId, number>();
  let known: ReadonlyMap<TaskId, number> | undefined;
  const kept = (): ReadonlyMap<TaskId, number> => (known ??= readTimes(fs, path));
  return {
    of: (task) => noted.get(task) ?? kept().get(task),
    note: (task, milliseconds) => void noted.set(task, milliseconds),
    save() {
      if (noted.size === 0) return;
      const all = Object.fromEntries([...kept(), ...noted]);
      try {
        fs.mkdirSync(dirname(path), { recursive: true });
        fs.writeFileSync(`${path}.new`, JSON.stringify(all));
        fs.renameSync(`${path}.new`, path);
      } catch {
        // It saves time only: the next build goes without.
      }
    },
  };
}

function readTimes(fs: World['fs'], path: string): ReadonlyMap<TaskId, number> {
  try {
    const read = JSON.parse(fs.readFileSync(path, 'utf8')) as Readonly<Record<TaskId, number>>;
    return new Map(Object.entries(read).filter(([, time]) => typeof time === 'number') as [TaskId, number][]);
  } catch {
    return new Map();
  }
}
