import { randomUUID } from 'node:crypto';
import type { Subscription } from '@nats-io/transport-node';
import type { Line } from '../server/line';

/** Milliseconds between two signs of life. */
const BEAT = 2_000;
/** After so many without one a process is taken for gone. */
const SILENT = 5_000;

interface Sign {
  readonly id: string;
  /** `here`: lives. `new`: just came, and wants to hear who else is there. `gone`: stops. */
  readonly is: 'here' | 'new' | 'gone';
}

/**
 * The processes at work on a durable, by what they say of themselves: who should have which lane. Only a proposal: that a lane has one
 * owner at a time is the server's word.
 */
export class Members {
  readonly #id = randomUUID();
  readonly #heard = new Map<string, number>();
  readonly #subscription: Subscription;
  readonly #timer: NodeJS.Timeout;
  readonly #stopListening: () => void;

  constructor(
    private readonly line: Line,
    private readonly subject: string,
    private readonly onChange: () => void,
  ) {
    this.#subscription = line.listen(subject, (message) => this.#hear(message.json<Sign>()));
    this.#timer = setInterval(() => this.#beat(), BEAT).unref();
    this.#stopListening = line.onChange((isUp) => {
      if (isUp) this.#meetAgain();
    });
    this.#say('new');
  }

  /** Whether, of all that live, this process should have the lane. */
  shouldHave(lane: number): boolean {
    const own = weight(this.#id, lane);
    for (const id of this.#heard.keys()) {
      const other = weight(id, lane);
      if (other > own || (other === own && id > this.#id)) return false;
    }
    return true;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#stopListening();
    this.#subscription.unsubscribe();
    this.#say('gone');
  }

  #hear({ id, is }: Sign): void {
    if (id === this.#id) return;
    const wasThere = this.#heard.has(id);
    if (is === 'gone') this.#heard.delete(id);
    else this.#heard.set(id, performance.now());
    if (is === 'new') this.#say('here');
    if (wasThere === (is === 'gone')) this.onChange();
  }

  #beat(): void {
    if (!this.line.isUp) return;
    this.#say('here');
    const before = performance.now() - SILENT;
    const silent = [...this.#heard].filter(([, at]) => at < before);
    for (const [id] of silent) this.#heard.delete(id);
    if (silent.length > 0) this.onChange();
  }

  /** Nobody could be heard while the line was down: they have their time from now on. */
  #meetAgain(): void {
    for (const id of this.#heard.keys()) this.#heard.set(id, performance.now());
    this.#say('new');
  }

  #say(is: Sign['is']): void {
    if (this.line.isUp) this.line.say(this.subject, JSON.stringify({ id: this.#id, is } satisfies Sign));
  }
}

/** FNV-1a with a last stir, so that neighbouring lanes differ: the highest of all members has the lane. */
function weight(id: string, lane: number): number {
  let hash = 0x811c9dc5;
  for (const text of [id, `#${lane}`]) {
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
