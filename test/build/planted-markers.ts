/** A layer whose lines are known to whom they belong: markers in sources, patches, classes and tasks, drawn from a seed. */
import { createTwoFilesPatch } from 'diff';

/** Who put a marker there. */
export interface Planted {
  readonly recipe: string;
  readonly task: string;
  readonly patch?: string;
}

/** A file that may be asked for; the markers in it tell who wrote their lines. */
export interface Question {
  readonly rev: string;
  readonly path: string;
  /** Of a binary: who made it. */
  readonly binary?: Planted;
}

export interface PlantedLayer {
  readonly files: Readonly<Record<string, string>>;
  readonly image: string;
  readonly markers: ReadonlyMap<string, Planted>;
  readonly questions: readonly Question[];
}

interface Draw {
  below(limit: number): number;
}

/** A generator of numbers: the same for the same seed. */
function drawFrom(seed: number): Draw {
  let state = seed;
  return {
    below(limit) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    },
  };
}

/** Plants a layer with so many recipes and an image of them all. */
export function plantLayer(seed: number, recipes: number): PlantedLayer {
  const draw = drawFrom(seed);
  const markers = new Map<string, Planted>();
  const mark = (planted: Planted): string => {
    const marker = `MARK-${markers.size}-${draw.below(1e6)}`;
    markers.set(marker, planted);
    return marker;
  };
  const names = Array.from({ length: recipes }, (_, i) => `app${i}`);
  const planted = names.map((recipe) => plantRecipe(draw, recipe, mark));
  const image = `inherit image\nLICENSE = "MIT"\nIMAGE_INSTALL = "${names.join(' ')}"\n`;
  return {
    files: Object.assign({ 'recipes/all_1.bb': image }, ...planted.map(({ files }) => files)) as Record<
      string,
      string
    >,
    image: 'all',
    markers,
    questions: planted.flatMap(({ questions }) => questions),
  };
}

type Mark = (planted: Planted) => string;

function plantRecipe(draw: Draw, recipe: string, mark: Mark) {
  const files: Record<string, string> = {};
  const by = (task: string): string => mark({ recipe, task });
  const sources = new Map<string, string>();
  for (const name of ['one.txt', 'two.txt', 'conf.in', 'script', 'lone.txt'])
    sources.set(
      name,
      textOf(draw, () => by('do_unpack')),
    );
  sources.set(
    'main.c',
    `#include <stdio.h>\nint main(void) {\n\tputs("${by('do_unpack')} compiled");\n\treturn 0;\n}\n`,
  );
  for (const [name, text] of sources) files[`recipes/${recipe}/src/${name}`] = text;
  const patches = ['first.patch', 'second.patch', 'third.patch'];
  for (const patch of patches) {
    const name = ['one.txt', 'two.txt', 'conf.in', 'script'][draw.below(4)] ?? 'one.txt';
    const before = sources.get(name) ?? '';
    const lines = before.split('\n');
    lines.splice(
      draw.below(lines.length - 1),
      draw.below(2),
      `${mark({ recipe, task: 'do_patch', patch })} patched in`,
    );
    sources.set(name, lines.join('\n'));
    const diff = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, lines.join('\n'));
    files[`recipes/${recipe}/${patch}`] = `From: Ann <ann@example.org>\nSubject: ${patch}\n\n${diff}`;
  }
  files['classes/configured.bbclass'] = `do_configure:append() {
	echo "\${PN} CONFIGURED by a class" >> two.txt
	echo "\${CONFIGURED} of the recipe" >> two.txt
}
`;
  files[`recipes/${recipe}_1.bb`] = `LICENSE = "MIT"
inherit configured
SRC_URI = "file://src ${patches.map((patch) => `file://${patch}`).join(' ')}"
S = "\${UNPACKDIR}/src"
B = "\${S}"
CONFIGURED = "${by('do_configure')}"
do_compile() {
	cat one.txt two.txt > both.txt
	sed 's/SUBSTITUTED/substituted/' conf.in > conf
	printf '%s generated\\n' ${by('do_compile')} ${by('do_compile')} > generated.txt
	gcc -o main main.c
}
do_install() {
	mkdir -p \${D}/etc/${recipe} \${D}/usr/bin \${D}/usr/share/${recipe}
	install -m 0644 conf \${D}/etc/${recipe}/conf
	echo "${by('do_install')} appended" >> \${D}/etc/${recipe}/conf
	install -m 0755 script \${D}/usr/bin/${recipe}-script
	install -m 0755 main \${D}/usr/bin/${recipe}
	install -m 0644 both.txt lone.txt generated.txt \${D}/usr/share/${recipe}/
	sed -i "1s/.*/${by('do_install')} replaced/" \${D}/usr/share/${recipe}/lone.txt
	printf '%s\\n' "[Unit]" "Description=${by('do_install')} here" "After=network.target" > \${D}/etc/${recipe}/unit
}
`;
  const installed = [
    `etc/${recipe}/conf`,
    `etc/${recipe}/unit`,
    `usr/bin/${recipe}-script`,
    ...['both.txt', 'lone.txt', 'generated.txt'].map((name) => `usr/share/${recipe}/${name}`),
  ];
  const worked = ['one.txt', 'two.txt', 'conf.in', 'conf', 'both.txt', 'generated.txt', 'script'];
  const binary = { recipe, task: 'do_compile' };
  return {
    files,
    questions: [
      ...installed.flatMap((path) => [
        { rev: recipe, path },
        { rev: 'all', path },
        { rev: `${recipe}:install`, path: `image/${path}` },
      ]),
      ...worked.map((name) => ({ rev: `${recipe}:compile`, path: `sources/src/${name}` })),
      { rev: recipe, path: `usr/bin/${recipe}`, binary },
      { rev: 'all', path: `usr/bin/${recipe}`, binary },
    ],
  };
}

/** Lines that tell, with markers among them, and some that tell nothing. */
function textOf(draw: Draw, marker: () => string): string {
  const common = ['', '}', '# a comment', 'SUBSTITUTED value', '[section]'];
  const lines = Array.from({ length: 6 + draw.below(8) }, (_, i) =>
    draw.below(3) === 0 ? (common[draw.below(common.length)] ?? '') : `${marker()} line ${i}`,
  );
  return `${lines.join('\n')}\n`;
}
