/** The numbers by which rpm knows what an .rpm says. */

/** Of the package. */
export const RPM = {
  locales: 100,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  summary: 1004,
  description: 1005,
  buildTime: 1006,
  buildHost: 1007,
  size: 1009,
  license: 1014,
  packager: 1015,
  group: 1016,
  url: 1020,
  os: 1021,
  arch: 1022,
  preinst: 1023,
  postinst: 1024,
  prerm: 1025,
  postrm: 1026,
  fileSizes: 1028,
  fileModes: 1030,
  fileDevices: 1033,
  fileTimes: 1034,
  fileDigests: 1035,
  fileLinks: 1036,
  fileFlags: 1037,
  fileUsers: 1039,
  fileGroups: 1040,
  sourceRpm: 1044,
  fileVerify: 1045,
  provideName: 1047,
  requireFlags: 1048,
  requireName: 1049,
  requireVersion: 1050,
  conflictFlags: 1053,
  conflictName: 1054,
  conflictVersion: 1055,
  preinstProgram: 1085,
  postinstProgram: 1086,
  prermProgram: 1087,
  postrmProgram: 1088,
  obsoleteName: 1090,
  fileDevice: 1095,
  fileInodes: 1096,
  fileLanguages: 1097,
  provideFlags: 1112,
  provideVersion: 1113,
  obsoleteFlags: 1114,
  obsoleteVersion: 1115,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  payloadFormat: 1124,
  payloadCompressor: 1125,
  payloadFlags: 1126,
  fileCapabilities: 5010,
  fileDigestAlgorithm: 5011,
  recommendName: 5046,
  recommendVersion: 5047,
  recommendFlags: 5048,
  suggestName: 5049,
  suggestVersion: 5050,
  suggestFlags: 5051,
  encoding: 5062,
  payloadDigest: 5092,
  payloadDigestAlgorithm: 5093,
} as const;

/** Of the file. */
export const RPM_SIGNATURE = { sha1: 269, sha256: 273, size: 1000, payloadSize: 1007 } as const;

/** Of a package that is installed. */
export const RPM_INSTALLED = { size: 257, time: 1008, fileStates: 1029, payloadSize: 1046 } as const;

/** SHA-256, as OpenPGP counts. */
export const SHA256 = 8;

/** Bits of what a dependency says. */
export const SENSE = {
  less: 2,
  greater: 4,
  equal: 8,
  interpreter: 256,
  preinst: 512,
  postinst: 1024,
  prerm: 2048,
  postrm: 4096,
  rpmlib: 1 << 24,
} as const;

/** Bits of fileFlags: a person may change it, and then it stays as it is. */
export const CONFIG_KEPT = 1 | 16;

/** Nothing needs it to run. */
export const DOCUMENTATION = 2;
