/** The modes that an entry of one of git's trees may have. */
export const GIT_MODE = {
  file: 0o100644,
  program: 0o100755,
  link: 0o120000,
  directory: 0o40000,
  /** A commit of another repository. */
  commit: 0o160000,
} as const;
