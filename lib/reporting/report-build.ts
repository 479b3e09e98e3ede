/** Shows a build while it goes, in the form that its reader can use. */
import type { World } from '../ports/world.ts';
import type { BuildEvent } from '../terms/events.ts';
import type { VerdictKind } from '../terms/verdict.ts';
import { formatBuildEvent, type LineOptions } from './build-lines.ts';
import { createLiveView } from './live-view.ts';
import { harmless } from './printable.ts';

/** How often running times are drawn anew, in milliseconds. */
const REDRAW = 250;

export interface BuildReport {
  event(event: BuildEvent): void;
  /** To be called at the end, however the build ended. */
  close(): void;
}

export interface BuildReportOptions extends LineOptions {
  readonly json: boolean;
}

/** Chooses the report: an event a line under `--json`, a live view on a terminal, else plain lines. */
export function reportBuild(world: World, options: BuildReportOptions): BuildReport {
  if (options.json) return jsonReport(world, options);
  const live = world.stdout.isTTY && world.env['TERM'] !== 'dumb' && !options.quiet;
  return withDrySummary(world, live ? liveReport(world, options) : plainReport(world, options));
}

function jsonReport(world: World, { verbose }: BuildReportOptions): BuildReport {
  return {
    event(event) {
      if (event.event === 'progress') return;
      const idle =
        event.event === 'task-finished' && (event.verdict === 'current' || event.verdict === 'covered');
      if (idle && event.ok && !verbose) return;
      world.stdout.write(`${JSON.stringify(event)}\n`);
    },
    close: () => {},
  };
}

function plainReport(world: World, options: BuildReportOptions): BuildReport {
  return {
    event(event) {
      const text = harmless(formatBuildEvent(event, options));
      const isTrouble =
        event.event === 'disk-low' ||
        event.event === 'disk-full' ||
        event.event === 'unsteady' ||
        (event.event === 'message' && event.level !== 'note');
      if (text !== '') (isTrouble ? world.stderr : world.stdout).write(text);
    },
    close: () => {},
  };
}

function liveReport(world: World, options: BuildReportOptions): BuildReport {
  const view = createLiveView(world.stdout, () => world.now(), options.paint);
  let started = false;
  const stop = world.every(REDRAW, () => {
    if (started) view.print('');
  });
  return {
    event(event) {
      view.note(event);
      const text = harmless(formatBuildEvent(event, options));
      if (event.event === 'build-finished') {
        started = false;
        view.clear();
        world.stdout.write(text);
        return;
      }
      started ||= event.event === 'build-started' || event.event === 'task-started';
      if (!started) world.stdout.write(text);
      else if (text !== '' || event.event === 'task-started') view.print(text);
    },
    close() {
      stop();
      if (started) view.clear();
    },
  };
}

/** Under `-n` nothing ended that could be summed up: says how many of each verdict there were. */
function withDrySummary(world: World, report: BuildReport): BuildReport {
  const seen = new Map<VerdictKind, number>();
  return {
    event(event) {
      if (event.event === 'verdict') seen.set(event.verdict, (seen.get(event.verdict) ?? 0) + 1);
      if (event.event !== 'build-finished' || seen.size === 0) return report.event(event);
      report.close();
      world.stdout.write(formatDrySummary(seen));
    },
    close: report.close,
  };
}

function formatDrySummary(seen: ReadonlyMap<VerdictKind, number>): string {
  const count = (kind: VerdictKind): number => seen.get(kind) ?? 0;
  const parts: [number, string][] = [
    [count('run'), 'would run'],
    [count('restore'), 'would be restored (from the artifact store)'],
    [count('depends'), 'may run (they depend on what others produce)'],
    [count('current'), 'current (their results stand)'],
    [count('covered'), 'covered (later results stand for them)'],
  ];
  return `${parts
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n} ${word}`)
    .join(', ')}\n`;
}
