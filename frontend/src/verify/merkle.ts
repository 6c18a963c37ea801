/** Merkle trees of RFC 9162: what `backend/merkle.py` verifies, in the browser. */
import { equal, joined, sha256 } from "./bytes";

/** Hash of a leaf (2.1.1). */
export function hashLeaf(data: Uint8Array): Promise<Uint8Array> {
  return sha256(joined(Uint8Array.of(0), data));
}

function hashNode(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return sha256(joined(Uint8Array.of(1), left, right));
}

interface Inclusion {
  readonly leaf: Uint8Array;
  readonly position: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Whether a leaf's hash stands at its position of the tree (2.1.3.2). */
export async function isIncluded(inclusion: Inclusion): Promise<boolean> {
  const { leaf, position, size, proof, root } = inclusion;
  if (position < 0 || position >= size) return false;
  const climb = new Climb(position, size - 1);
  let hash = leaf;
  for (const part of proof) {
    if (climb.isAtTop) return false;
    hash = climb.isRight ? await hashNode(part, hash) : await hashNode(hash, part);
    climb.up();
  }
  return climb.isAtTop && equal(hash, root);
}

interface Growth {
  readonly old: number;
  readonly new: number;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the new tree begins with all leaves of the old one (2.1.4.2). */
export async function hasGrown(growth: Growth): Promise<boolean> {
  const { oldRoot, newRoot, proof } = growth;
  if (growth.old < 1 || growth.old > growth.new) return false;
  if (growth.old === growth.new) return proof.length === 0 && equal(oldRoot, newRoot);
  const [first, ...rest] = isPowerOfTwo(growth.old) ? [oldRoot, ...proof] : proof;
  if (!first) return false;
  const climb = new Climb(growth.old - 1, growth.new - 1);
  climb.skipRight();
  let was = first;
  let now = first;
  for (const part of rest) {
    if (climb.isAtTop) return false;
    if (climb.isRight) {
      was = await hashNode(part, was);
      now = await hashNode(part, now);
    } else {
      now = await hashNode(now, part);
    }
    climb.up();
  }
  return climb.isAtTop && equal(was, oldRoot) && equal(now, newRoot);
}

/** The way from a leaf to the root; numbers may be larger than 32 bits, so nothing is shifted. */
class Climb {
  constructor(
    private place: number,
    private last: number,
  ) {}

  get isAtTop(): boolean {
    return this.last === 0;
  }

  /** Whether the next part of the proof stands at the left. */
  get isRight(): boolean {
    return this.place % 2 === 1 || this.place === this.last;
  }

  up(): void {
    if (this.isRight) while (this.place % 2 === 0 && this.place > 0) this.halve();
    this.halve();
  }

  /** Leaves what old and new tree have in common anyway. */
  skipRight(): void {
    while (this.place % 2 === 1) this.halve();
  }

  private halve(): void {
    this.place = Math.floor(this.place / 2);
    this.last = Math.floor(this.last / 2);
  }
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size));
}
