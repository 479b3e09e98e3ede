/** Which results count: whose keys are trusted, and what was revoked. */
import { byCodeUnit } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import type { KeyId } from './public-key.ts';
import { revocationId, revocationText, type Revocation } from './revocation.ts';
import { matchesRule, spokenRule, type Making } from './rule.ts';
import { signText, verifyText } from './sign-text.ts';
import type { SigningKey } from './signing-key.ts';

/** What somebody says that work produced. */
export interface Claim {
  /** What is signed. */
  readonly text: string;
  readonly sshsig?: string;
  readonly making: Making;
  /** How that came about which it was made from, and which its signature does not name by content. */
  readonly from?: Making;
}

export interface Trust {
  /** Whether anything can be refused at all: while that is not so, nobody need know where a result is from. */
  readonly isAsked: boolean;
  /** Whether only what is signed counts. */
  readonly needsKey: boolean;
  /** Key that one signs with; not one that is revoked. */
  readonly ownKey: KeyId | undefined;
  /** Whether what is made here counts here, by its key. */
  readonly vouches: boolean;
  /** Why a result must not be used, after "it"; undefined: it may. A rule on host tools counts where inputs are told. */
  whyNot(claim: Claim, inputs?: readonly Input[]): string | undefined;
  /** By which revocation a result that was made here does not count. */
  whyRevoked(making: Making): string | undefined;
  /** Signs a text, where there is a key. */
  sign(text: string): string | undefined;
  /** The revocations that count, oldest first. */
  revocations(): readonly Revocation[];
  /** Takes in those that count, and that are not known; answers these. */
  learn(revocations: readonly Revocation[]): readonly Revocation[];
  /** Whether a revocation counts: where keys are named, one of them signed it. */
  heeds(revocation: Revocation): boolean;
}

export interface TrustOptions {
  /** Undefined: everybody is trusted. */
  readonly keys?: ReadonlySet<KeyId> | undefined;
  readonly signingKey?: SigningKey | undefined;
}

/** Makes what decides; without keys everybody is trusted. */
export function createTrust({ keys, signingKey }: TrustOptions = {}): Trust {
  const known = new Map<string, Revocation>();
  const signers = new Map<string, KeyId | undefined>();
  const signerOf = (text: string, sshsig: string): KeyId | undefined => {
    const name = `${text}\0${sshsig}`;
    const signer = signers.has(name) ? signers.get(name) : verifyText(sshsig, text);
    signers.set(name, signer);
    return signer;
  };
  const revocations = (): readonly Revocation[] => [...known.values()].sort((a, b) => byCodeUnit(a.at, b.at));
  const whyRevoked = (making: Making): string | undefined => {
    const found = revocations().find(({ rule }) => matchesRule(rule, making));
    if (found === undefined) return undefined;
    // Where they cannot be mistaken for others, times and the rest of a key say no more.
    const { since: _, until: __, ...what } = found.rule;
    const spoken = spokenRule(what).replace(/(SHA256:.{8})\S+/, '$1…');
    return `is revoked by ${found.by} since ${found.at.slice(0, 19)}Z${spoken === '' ? '' : ` (${spoken})`}`;
  };
  const ownKey = (): SigningKey | undefined => {
    const isLost = ({ rule }: Revocation): boolean => rule.key === signingKey?.id && rule.until === undefined;
    return signingKey === undefined || revocations().some(isLost) ? undefined : signingKey;
  };
  const heeds = (revocation: Revocation): boolean => {
    if (keys === undefined) return true;
    const { sshsig } = revocation;
    const key = sshsig === undefined ? undefined : signerOf(revocationText(revocation), sshsig);
    return key !== undefined && keys.has(key);
  };
  return {
    get isAsked() {
      return keys !== undefined || known.size > 0;
    },
    needsKey: keys !== undefined,
    get ownKey() {
      return ownKey()?.id;
    },
    get vouches() {
      const key = ownKey();
      return keys === undefined || (key !== undefined && keys.has(key.id));
    },
    whyNot({ text, sshsig, making, from }, inputs) {
      const key = sshsig === undefined ? undefined : signerOf(text, sshsig);
      if (keys !== undefined) {
        if (sshsig === undefined) return 'is not signed';
        if (key === undefined) return 'is not what was signed';
        if (!keys.has(key)) return `is signed with ${key}, which is not among ARTIFACT_TRUSTED_KEYS`;
      }
      const own = whyRevoked({ ...making, ...(key && { key }), ...(inputs && { inputs }) });
      const before = own !== undefined || from === undefined ? undefined : whyRevoked(from);
      return before === undefined ? own : `was made from what ${before}`;
    },
    whyRevoked,
    sign(text) {
      const key = ownKey();
      return key === undefined ? undefined : signText(key, text);
    },
    revocations,
    heeds,
    learn(all) {
      const fresh = all.filter((each) => !known.has(revocationId(each)) && heeds(each));
      for (const each of fresh) known.set(revocationId(each), each);
      return fresh;
    },
  };
}
