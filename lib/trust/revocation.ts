import { createHash } from 'node:crypto';
import { isKeyId } from './public-key.ts';
import type { Rule } from './rule.ts';

/** Somebody's word that some results do not count any more. */
export interface Revocation {
  readonly rule: Rule;
  /** Host on which it was said. */
  readonly by: string;
  /** When, ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  /** Of {@link revocationText}; absent where nobody signed it. */
  readonly sshsig?: string;
}

/** The text that is signed, as `jq 'del(.id, .sshsig)'` prints it. */
export function revocationText({ rule, by, at }: Revocation): string {
  const { builder, key, recipe, hosttool, since, until } = rule;
  const tool = hosttool === undefined ? undefined : { name: hosttool.name, value: hosttool.value };
  const ordered = { builder, key, recipe, hosttool: tool, since, until };
  return `${JSON.stringify({ schema: 1, rule: ordered, by, at }, undefined, 2)}\n`;
}

/** Names a revocation by what it says. */
export function revocationId(revocation: Revocation): string {
  return createHash('sha256').update(revocationText(revocation)).digest('hex');
}

/** Writes one as a line; its id shows whether it is as it was written. */
export function formatRevocation(revocation: Revocation): string {
  const stated = JSON.parse(revocationText(revocation)) as object;
  const { sshsig } = revocation;
  return `${JSON.stringify({ id: revocationId(revocation), ...stated, ...(sshsig !== undefined && { sshsig }) })}\n`;
}

/** Reads a line; undefined where it is none, or not as it was written. */
export function parseRevocation(line: string): Revocation | undefined {
  const value = parseJson(line);
  const rule = isFields(value) && isFields(value['rule']) ? asRule(value['rule']) : undefined;
  if (!isFields(value) || rule === undefined) return undefined;
  const { by, at, sshsig } = value;
  if (typeof by !== 'string' || typeof at !== 'string') return undefined;
  if (sshsig !== undefined && typeof sshsig !== 'string') return undefined;
  const revocation = { rule, by, at, ...(sshsig !== undefined && { sshsig }) };
  return revocationId(revocation) === value['id'] ? revocation : undefined;
}

function asRule(fields: Fields): Rule | undefined {
  const { builder, key, recipe, hosttool, since, until } = fields;
  const texts = [builder, key, recipe, since, until];
  const isTold = texts.every((text) => text === undefined || typeof text === 'string');
  const isTool =
    hosttool === undefined ||
    (isFields(hosttool) && typeof hosttool['name'] === 'string' && typeof hosttool['value'] === 'string');
  const isNamed = key === undefined || (typeof key === 'string' && isKeyId(key));
  return isTold && isTool && isNamed ? fields : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
