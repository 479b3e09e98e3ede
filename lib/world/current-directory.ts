/**
 * Where varve was started. Somebody may stand in a WORKDIR that was removed since: that is said while the program is loaded,
 * since what reads the command line asks for the directory no later.
 */
export const currentDirectory = whereWeAre();

function whereWeAre(): string {
  try {
    return process.cwd();
  } catch {
    process.stderr.write(
      'error: the current directory is gone: it was removed, or another was put in its place\n' +
        'hint: cd "$PWD"   goes to what is there now, if anything is\n',
    );
    return process.exit(2);
  }
}
