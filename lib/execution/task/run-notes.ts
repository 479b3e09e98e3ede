/** What is told of each run beside its commit: when, where, how long, and its log. */
import { formatRun } from '../../terms/run-record.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import type { Reason } from '../../terms/verdict.ts';
import type { BuildContext } from '../build-context.ts';
import type { Performed } from './perform-task.ts';
import type { Site } from '../workdir/site.ts';

export interface Run {
  readonly node: TaskNode;
  readonly performed: Performed;
  readonly reason: Reason;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly durationMs: number;
  readonly recordMs: number;
  readonly log: string;
}

export interface RunNotes {
  /** Tells of a run at once, for readers and for who comes after a crash. */
  add(site: Site, run: Run): void;
  /** Makes notes in git of all that was told, one notes commit a recipe and kind. */
  settle(): void;
}

/** A log longer than this is kept as its first and last half. */
const logLimit = 4 * 1024 * 1024;

/** Tells of the runs of one build. */
export function createRunNotes(context: BuildContext): RunNotes {
  const told = new Set<Site>();
  return {
    add(site, run) {
      site.history().notes.jot(run.performed.commit, {
        runs: runLine(context, run),
        logs: readLog(context, run.log),
      });
      told.add(site);
    },
    settle() {
      for (const site of told) {
        site.history().notes.settle();
        told.delete(site);
        site.letGo();
      }
    },
  };
}

function runLine(context: BuildContext, run: Run): string {
  const { node, performed } = run;
  return formatRun({
    build: context.number,
    task: node.id,
    ok: performed.ok,
    reason: run.reason,
    ...(performed.exitCode === undefined ? {} : { exitCode: performed.exitCode }),
    start: new Date(run.start).toISOString(),
    durationMs: run.durationMs,
    recordMs: run.recordMs,
    host: context.world.hostname,
    ...(context.trust.ownKey === undefined ? {} : { key: context.trust.ownKey }),
    ...(performed.script === undefined ? {} : { script: performed.script }),
    log: run.log,
  });
}

/** The log's bytes; the middle of a very long one is left out, and that is said in its place. */
function readLog({ world }: BuildContext, path: string): Buffer {
  const size = sizeOf(world.fs, path);
  if (size === undefined) return Buffer.from('the task removed its log\n');
  if (size <= logLimit) return world.fs.readFileSync(path);
  const half = logLimit / 2;
  const left = Buffer.from(`\n… ${size - logLimit} bytes left out of the record …\n`);
  return Buffer.concat([
    readPart(world.fs, path, 0, half),
    left,
    readPart(world.fs, path, size - half, half),
  ]);
}

/** Bytes of a log; undefined where the task removed it, or made something else of it that must not be read. */
export function sizeOf(fs: BuildContext['world']['fs'], log: string): number | undefined {
  const stat = fs.lstatSync(log, { throwIfNoEntry: false });
  return stat?.isFile() === true ? stat.size : undefined;
}

/** Reads part of a file. */
export function readPart(
  fs: BuildContext['world']['fs'],
  path: string,
  start: number,
  length: number,
): Buffer {
  const file = fs.openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    const read = fs.readSync(file, buffer, 0, length, start);
    return buffer.subarray(0, read);
  } finally {
    fs.closeSync(file);
  }
}
