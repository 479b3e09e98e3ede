/** A metadata file as it was read. */
import { relative } from 'node:path';
import type { Parsed } from '../operations/parsing/describe-parsed.ts';
import { formatTable } from './format-table.ts';
import type { View } from './view.ts';

/** As fixtures/corpus/README.md has it: the directory that was read from is written `@TOP@`. */
export function bareDocument(parsed: Parsed, top: string): object {
  const inside = JSON.stringify(top).slice(1, -1);
  return JSON.parse(JSON.stringify(parsed).replaceAll(inside, '@TOP@')) as object;
}

/** Writes what a file says: its variables, and of a recipe its classes and tasks. */
export function formatParsed(parsed: Parsed, view: View): string {
  const { skipped, variants = [], inherited = [], handlers = [] } = parsed;
  const near = (file: string): string => {
    const path = relative(view.world.cwd, file);
    return path.startsWith('..') ? file : path;
  };
  const facts = [
    ['skipped', skipped ?? ''],
    ['variants', variants.filter((name) => name !== '').join(' ')],
    ['classes', inherited.map(near).join(' ')],
    ['handlers', handlers.join(' ')],
  ].filter(([, text]) => text !== '');
  const tasks = (parsed.taskOrder ?? []).map((name) => {
    const deps = parsed.tasks?.[name]?.deps ?? [];
    return [name, deps.length === 0 ? '' : `after ${deps.join(', ')}`];
  });
  const parts = [formatTable(facts), formatTable(tasks), variablesOf(parsed), functionsOf(parsed)];
  return parts.filter((part) => part !== '').join('\n');
}

function variablesOf({ vars, flags = {}, expandErrors = {} }: Parsed): string {
  const names = [...new Set([...Object.keys(vars), ...Object.keys(flags), ...Object.keys(expandErrors)])];
  return names.map((name) => linesOf(name, { vars, flags, expandErrors })).join('');
}

function linesOf(
  name: string,
  { vars, flags = {}, expandErrors = {} }: Pick<Parsed, 'vars' | 'flags' | 'expandErrors'>,
): string {
  const value = vars[name];
  const failed = expandErrors[name];
  const lines = [
    ...(value === undefined ? [] : [value === null ? `${name} is not set` : `${name} = ${quote(value)}`]),
    ...(failed === undefined ? [] : [`${name} cannot be expanded: ${failed}`]),
    ...Object.entries(flags[name] ?? {}).map(([flag, text]) => `${name}[${flag}] = ${quote(text)}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function functionsOf({ funcs = {} }: Parsed): string {
  return Object.entries(funcs)
    .map(([name, { body, python, fakeroot }]) => {
      if (python === true && body.startsWith(`def ${name}`)) return `${body.trimEnd()}\n`;
      const kind = `${python === true ? 'python ' : ''}${fakeroot === true ? 'fakeroot ' : ''}`;
      return `${kind}${name}() {\n${body.trimEnd()}\n}\n`;
    })
    .join('\n');
}

const quote = (text: string): string => JSON.stringify(text);
