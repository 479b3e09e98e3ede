/** Spoils metadata, the same way for the same seed. */

/** Answers numbers from 0 up to `below`: mulberry32, so that a seed says it all. */
export type Random = (below: number) => number;

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** What means something in the language, in places where it may not be expected. */
const signs =
  `" ' # = : [ ] { } ( ) | \\ \` \${ \${@ $( :append :prepend :remove :o += ?= ??= := =. [vardeps] A \${A} \${\${A}} é 😀`
    .split(' ')
    .concat([' ', '\t', '\r', '\n', '\\\n', '\u0000', '\uFEFF']);

const statements = `inherit one
require x.inc
addtask x after y before z
deltask x
do_x() {
python () {
def f(d):
unset A
export A
OVERRIDES = "o:\${A}"
A:append = "\${A}"
BBCLASSEXTEND = "native"
EXPORT_FUNCTIONS do_x
PN = "\${PN}"
A = "\${@bb.utils.contains('A', 'a', 'b', 'c', d)}"
case x in a) f;; esac
for i in a
cat <<E`
  .split('\n')
  .map((line) => `${line}\n`);

const pieces = [...signs, ...statements];

/** Spoils a text in one to four places; `others` are texts to take parts from. */
export function mutate(text: string, others: readonly string[], random: Random): string {
  let spoiled = text;
  for (let times = 1 + random(4); times > 0; times--) {
    // Most of what is spoiled by characters is no statement any more; by lines and words it still means something.
    spoiled =
      random(3) === 0 ? spoilCharacters(spoiled, random) : spoilLines(spoiled, pick(others, random), random);
  }
  return spoiled;
}

function spoilCharacters(text: string, random: Random): string {
  const at = random(text.length + 1);
  const to = Math.min(text.length, at + 1 + random(random(4) === 0 ? 60 : 3));
  const [before, inside, after] = [text.slice(0, at), text.slice(at, to), text.slice(to)];
  switch (random(4)) {
    case 0:
      return before + after;
    case 1:
      return before + inside + inside + after;
    case 2:
      return before + pick(pieces, random) + inside + after;
    default:
      return before + pick(pieces, random) + after;
  }
}

function spoilLines(text: string, other: string, random: Random): string {
  const lines = text.split('\n');
  const strange = other.split('\n');
  const at = random(lines.length);
  switch (random(5)) {
    case 0:
      return lines.toSpliced(at, 1 + random(2)).join('\n');
    case 1:
      return lines.toSpliced(at, 0, ...strange.slice(random(strange.length)).slice(0, 4)).join('\n');
    case 2:
      return lines.toSpliced(random(lines.length), 0, lines[at] ?? '').join('\n');
    case 3:
      return lines.toSpliced(at, 1, ...strange).join('\n');
    default:
      return lines.with(at, swapWord(lines[at] ?? '', pick(wordsOf(other), random), random)).join('\n');
  }
}

function swapWord(line: string, word: string, random: Random): string {
  const words = wordsOf(line);
  return words.length === 0 ? line : line.replace(pick(words, random), () => word);
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\w$]+|[:?+.=]+|\$\{[^}]*\}/g) ?? [];
}

function pick(list: readonly string[], random: Random): string {
  return list[random(list.length)] ?? '';
}
