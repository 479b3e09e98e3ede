import type { Read } from '../../artifacts/read-tar.ts';
import type { TarHeader } from '../../artifacts/tar-header.ts';
import type { PackageFacts } from '../../packages/choose-packages.ts';
import type { Relation } from '../../packages/relations.ts';
import type { OpenDeb } from './read-deb.ts';
import type { OpenRpm } from './open-rpm.ts';

/** The file of a package, as an image takes it. */
export interface PackageFile extends PackageFacts {
  /** Whose package it is. */
  readonly recipe: string;
  /** As the file is called. */
  readonly file: string;
  /** They are asked for each time, so that those of many need not be in memory at once. */
  readonly bytes: () => Buffer;
  readonly version: string;
  /** What it asks for, what it cannot bear, and what it is and stands for, with versions. */
  readonly says: Readonly<Record<'depends' | 'conflicts' | 'provides', readonly Relation[]>>;
  readonly architecture: string;
  readonly license: string;
  readonly summary: string;
  /** The script that is to run once it is installed, from its `#!` line on; '' where there is none. */
  readonly postinst: string;
  /** The script that is to run before, likewise. */
  readonly preinst: string;
  /** Reads what it installs from front to end, hard links behind what they lead to. */
  readonly read: (visit: (header: TarHeader, content: Read) => void) => void;
}

export type OpenPackage = OpenDeb | OpenRpm;
