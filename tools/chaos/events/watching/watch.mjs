/**
 * What somebody wants to see: in the words of the API, and whether it fits an event.
 * @typedef {{ name: string, types: readonly string[], where?: string, fits: (fact: { type: string, lane: number | undefined }) => boolean }} Wish
 */

/**
 * An event as it came. `behind`: offset of the position that the subscriber had then, so everything up to there was its own already.
 * @typedef {{ id: string, type: string, offset: bigint, behind: bigint }} Seen
 */

/** What one subscriber saw, over all its connections. */
export class Watch {
  /** Where it began. @type {bigint | undefined} */
  begun = undefined;
  /** What it gives as `since`. */
  position = '';
  /** Events in the order they came. @type {Seen[]} */
  seen = [];
  /** What it was told to have lost: everything behind the one offset up to the other. @type {{ behind: bigint, from: bigint, reason: string }[]} */
  gaps = [];
  /** How often it went on where it had been. */
  resumes = 0;
  /** @type {() => void} */
  look = () => undefined;

  /**
   * @param {string} way
   * @param {string} workspace
   * @param {Wish} wish
   */
  constructor(way, workspace, wish) {
    this.workspace = workspace;
    this.wish = wish;
    this.name = `${way} of ${wish.name} in ${workspace}`;
  }

  /** `since`, unless it has no position yet. */
  get since() {
    return this.position === '' ? {} : { since: this.position };
  }

  /**
   * It is let in, and gets what is behind this position.
   * @param {string} position
   */
  enters(position) {
    if (this.begun === undefined) {
      this.begun = offsetIn(position);
      this.position = position;
    } else this.resumes += 1;
    this.look();
  }

  /**
   * @param {{ id: string, type: string }} event
   * @param {string} position the event's own
   */
  take({ id, type }, position) {
    this.seen.push({ id, type, offset: offsetIn(position), behind: offsetIn(this.position) });
    this.position = position;
    this.look();
  }

  /**
   * It has everything up to there.
   * @param {string} position
   */
  reaches(position) {
    this.position = position;
  }

  /**
   * @param {string} reason
   * @param {string} from
   */
  loses(reason, from) {
    this.gaps.push({ behind: offsetIn(this.position), from: offsetIn(from), reason });
    this.position = from;
  }

  /**
   * Resolves when it holds, looked at whenever something has come; false: not in so many milliseconds.
   * @param {(watch: Watch) => boolean} holds
   * @param {number} patience
   * @returns {Promise<boolean>}
   */
  until(holds, patience) {
    const { promise, resolve } = Promise.withResolvers();
    const timer = setTimeout(() => resolve(false), patience);
    this.look = () => (holds(this) ? resolve(true) : undefined);
    this.look();
    return promise.finally(() => clearTimeout(timer));
  }
}

/** @param {string} position */
function offsetIn(position) {
  return BigInt(position.slice(position.lastIndexOf('-') + 1));
}
