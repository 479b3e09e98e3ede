/** What a package says of itself, as dpkg reads it. */
export interface DebControl {
  /** Name and value of a field each; one without a value is left out. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** One line. */
  readonly summary: string;
  /** Paragraphs between line breaks, wrapped here. */
  readonly description: string;
}

/** Writes the paragraph: a field a line, Description last. */
export function formatControl({ fields, summary, description }: DebControl): string {
  const lines = fields
    .map(([name, value]) => [name, oneLine(value)] as const)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`);
  const more = description
    .split('\n')
    .flatMap((paragraph) => wrap(oneLine(paragraph)))
    .map((line) => (line === '' ? ' .' : ` ${line}`));
  // What would be no more than blank lines.
  while (more.at(-1) === ' .') more.pop();
  while (more[0] === ' .') more.shift();
  return `${[...lines, `Description: ${oneLine(summary)}`, ...more].join('\n')}\n`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

const WIDTH = 75;

/** Lines of words, none longer than WIDTH unless it is one word. */
function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
