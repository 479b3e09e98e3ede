/** Lines for a person out of paragraphs between line breaks, none longer than it has to be; blank ones only between others. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n').flatMap((paragraph) => wrap(oneLine(paragraph)));
  while (lines.at(-1) === '') lines.pop();
  while (lines[0] === '') lines.shift();
  return lines;
}

export function oneLine(text: string): string {
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
