/** Writes a duration as people say it: `12 ms`, `1.2 s`, `2 min 05 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours} h ${twoDigits(minutes)} min`;
  return `${minutes} min ${twoDigits(seconds % 60)} s`;
}

/** Writes a number of bytes: `1 byte`, `12 bytes`, `1.5 KiB`, `25.0 MiB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1] ?? ''}`;
}

/** Writes a point in time as the reader's clock has it, to the minute: `2026-01-31 14:05`. */
export function formatTime(milliseconds: number): string {
  const at = new Date(milliseconds);
  const day = [at.getFullYear(), twoDigits(at.getMonth() + 1), twoDigits(at.getDate())].join('-');
  return `${day} ${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
}

/** Writes a count with its noun: `1 file`, `3 files`. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** Writes builds as ranges: `1-3, 5`. */
export function formatBuilds(builds: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const build of builds.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && build <= last[1] + 1) last[1] = build;
    else ranges.push([build, build]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

const twoDigits = (n: number): string => String(n).padStart(2, '0');
