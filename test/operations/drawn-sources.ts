/** Changes of what a recipe is made from. */
import { bb, rewrite, type Draw } from './drawn-change.ts';

export const source: Draw = (drawing) => {
  const path = `recipes/${drawing.recipe}/src/main.c`;
  const text = drawing.read(path);
  const edits = new Map([[path, text.replace('{\n', `{\n\t/* ${drawing.word()} */\n`)]]);
  const values = { from: drawing.sha256(text), to: drawing.sha256(edits.get(path) ?? '') };
  return {
    what: 'a source',
    edits,
    truth: { kind: 'file', name: 'src/main.c', told: '+1 -0', at: path, ...values },
  };
};

export const newSource: Draw = (drawing) => {
  const path = `recipes/${drawing.recipe}/src/${drawing.word()}.c`;
  const edits = new Map([[path, 'int x;\n']]);
  return {
    what: 'a new source',
    edits,
    truth: { kind: 'file', name: path.slice(path.indexOf('src/')), told: 'new', at: path },
  };
};

export const patch: Draw = (drawing) => {
  const path = `recipes/${drawing.recipe}/first.patch`;
  const edits = new Map([[path, `${drawing.read(path)}+${drawing.word()}\n+more\n`]]);
  return { what: 'a patch', edits, truth: { kind: 'file', name: 'first.patch', told: '+2 -0', at: path } };
};

export const newPatch: Draw = (drawing) => {
  const name = `${drawing.word()}.patch`;
  const { edits } = rewrite(drawing, bb(drawing.recipe), {
    line: /^ {11}file:\/\/first.patch \\$/m,
    by: (found) => `           file://${name} \\\n${found[0]}`,
  });
  const path = `recipes/${drawing.recipe}/${name}`;
  const all = new Map([...edits, [path, '--- a/x\n+++ b/x\n']]);
  return { what: 'a new patch', edits: all, truth: { kind: 'file', name, told: 'new', at: path } };
};

export const upgrade: Draw = (drawing) => {
  const [old, now] = [bb(drawing.recipe), `recipes/${drawing.recipe}_1.1.bb`];
  const edits = new Map([
    [old, undefined],
    [now, drawing.read(old)],
  ]);
  return {
    what: 'an upgrade',
    edits,
    truth: { kind: 'variable', name: 'PV', from: '1.0', to: '1.1', at: now },
  };
};

export const upstream: Draw = (drawing) => {
  const content = `upstream ${drawing.word()}\n`;
  const to = drawing.sha256(content);
  const { edits, old, at } = rewrite(drawing, bb(drawing.recipe), {
    line: /^SRC_URI\[sha256sum\] = "(.*)"$/m,
    by: () => `SRC_URI[sha256sum] = "${to}"`,
  });
  const all = new Map([...edits, [`${drawing.downloads}/${drawing.recipe}.txt`, content]]);
  const name = `https://src.invalid/${drawing.recipe}.txt`;
  return {
    what: 'what upstream has',
    edits: all,
    truth: { kind: 'source', name, from: `sha256:${old}`, to: `sha256:${to}`, at },
  };
};
