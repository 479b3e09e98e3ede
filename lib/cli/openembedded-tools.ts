/** Programs that come with BitBake and OpenEmbedded, and the subcommands that people remember without them. */

/** What was typed, and what to type instead. */
export type Answer = readonly [spelling: string, hints: readonly string[]];

/** Answers `devtool modify zlib` and the like, `-r` aside; undefined where the first word is none of these. */
export function answerForTool(names: readonly string[], recipe = 'RECIPE'): Answer | undefined {
  const [tool = '', ...rest] = names;
  switch (tool) {
    case 'bitbake-layers':
      return [names.slice(0, 2).join(' '), layersHints(rest)];
    case 'show-layers':
    case 'show-recipes':
    case 'show-appends':
    case 'show-overlayed':
    case 'add-layer':
    case 'remove-layer':
      return [tool, layersHints(names)];
    case 'devtool':
      return [names.slice(0, 2).join(' '), devtoolHints(rest)];
    case 'oe-pkgdata-util':
      return [names.slice(0, 2).join(' '), pkgdataHints(rest)];
    case 'buildhistory-diff':
      return [
        tool,
        ['varve diff @-1 @ok   what the newest build changed', 'varve builds   lists the builds'],
      ];
    case 'bitbake-diffsigs':
      return [tool, ['varve why RECIPE:TASK']];
    case 'bitbake-dumpsig':
      return [tool, ['varve show RECIPE:TASK   lists every input of a task']];
    case 'bitbake-getvar':
      return [
        tool,
        [`varve env ${recipe} ${rest.at(-1) ?? 'VARIABLE'}`, 'varve env   shows the configuration'],
      ];
    default:
      return undefined;
  }
}

function layersHints([verb = '', path = 'LAYER']: readonly string[]): readonly string[] {
  switch (verb) {
    case 'show-recipes':
      return ['varve recipes'];
    case 'show-cross-depends':
      return ['varve graph TARGET'];
    case 'add-layer':
      return [
        `echo "BBLAYERS += '$(realpath ${path})'" >> conf/bblayers.conf`,
        `varve init DIR --layer ${path}   writes a build directory that has it`,
      ];
    case 'remove-layer':
      return [`conf/bblayers.conf names the layers: take ${path} out of BBLAYERS`];
    default:
      return ['varve layers   with what each appends to, and lays over others'];
  }
}

function devtoolHints([verb = '', recipe = 'RECIPE']: readonly string[]): readonly string[] {
  switch (verb) {
    case 'build':
      return [`varve build ${recipe}`];
    case 'reset':
      return [`varve edit drop ${recipe}`];
    case 'finish':
      return [`varve edit finish ${recipe} --layer LAYER`];
    case 'update-recipe':
      return [`varve edit finish ${recipe}`];
    default:
      return [
        `varve shell ${recipe}:patch   a shell in the WORKDIR, where its sources are edited`,
        `varve build -f -c compile ${recipe}   goes on with the edits`,
      ];
  }
}

function pkgdataHints([verb = '', name = '']: readonly string[]): readonly string[] {
  const named = (own: string, other: string): string => (verb === own && name !== '' ? name : other);
  const files = `varve show ${named('list-pkg-files', 'RECIPE')}   lists what it installs`;
  const owner = `varve sysroot owner RECIPE ${named('find-path', 'PATH')}   says whose file it is in the sysroot of RECIPE`;
  return verb === 'find-path' ? [owner, files] : [files, owner];
}
