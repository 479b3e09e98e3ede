/** Notices what a recipe is made from while it is read: so that it is known later whether all that is as it was. */
import { hash } from 'node:crypto';
import type { Environment } from '../language/environment.ts';
import type { Place } from '../terms/varve-error.ts';
import type { RememberedTexts } from './remember-texts.ts';

export interface Warning {
  readonly text: string;
  readonly place?: Place;
}

export interface Observed<T> {
  readonly result: T;
  /** Asked of the disk: `text PATH`, `exists PATH`, `list DIR`. */
  readonly asked: readonly string[];
  readonly warnings: readonly Warning[];
  /** Python had a part in it, which may ask anything. */
  readonly python: boolean;
}

export interface Observer {
  /** The environment to read recipes with. */
  readonly environment: Environment;
  observe<T>(work: () => T): Observed<T>;
  /** What the disk answers to a question now, in short. */
  answer(question: string): string;
}

interface Notes {
  readonly asked: Set<string>;
  readonly warnings: Warning[];
  python: boolean;
}

/** Puts an observer between metadata and its environment. */
export function createObserver(outside: Environment & { readonly source: RememberedTexts }): Observer {
  let notes: Notes | undefined;
  const { source } = outside;
  const environment: Environment = {
    ...outside,
    source: {
      read(path) {
        notes?.asked.add(`text ${path}`);
        return source.read(path);
      },
      exists(path) {
        notes?.asked.add(`exists ${path}`);
        return source.exists(path);
      },
      list(dir) {
        notes?.asked.add(`list ${dir}`);
        return source.list(dir);
      },
    },
    python() {
      if (notes !== undefined) notes.python = true;
      return outside.python();
    },
    warn(text, place) {
      notes?.warnings.push({ text, ...(place === undefined ? {} : { place }) });
      outside.warn(text, place);
    },
  };
  return {
    environment,
    observe(work) {
      const before = notes;
      const own: Notes = { asked: new Set(), warnings: [], python: false };
      notes = own;
      try {
        return { result: work(), asked: [...own.asked], warnings: own.warnings, python: own.python };
      } finally {
        notes = before;
      }
    },
    answer: (question) => answerTo(source, question),
  };
}

function answerTo(source: RememberedTexts, question: string): string {
  const space = question.indexOf(' ');
  const [kind, path] = [question.slice(0, space), question.slice(space + 1)];
  if (kind === 'text') return source.sha256(path) ?? 'none';
  if (kind === 'exists') return String(source.exists(path));
  return hash('sha256', source.list(path).join('\0'));
}
