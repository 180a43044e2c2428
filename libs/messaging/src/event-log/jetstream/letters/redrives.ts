import type { EventFilter } from '../../event-filter';
import { eventOf } from './letters';
import type { StoredLetter } from './letters';
import { HANDLER_CRASHED, Held } from '../consume/held';
import { ACK, nakAfter } from '../consume/answers';
import { Puller } from '../consume/puller';
import type { Delivered, PullListener } from '../consume/puller';
import type { RunParts } from '../consume/run-parts';
import type { Source } from '../consume/source';
import { StreamEvent } from '../stream-event';

const AT_ONCE = 4;
/** Milliseconds after which another process is asked to take a letter whose lane is not ours. */
const NOT_OURS = 200;

export interface RedrivesParts extends Pick<RunParts, 'line' | 'names' | 'letters' | 'clock' | 'onFault'> {
  readonly durable: string;
  readonly wants: EventFilter;
  /** Where a letter belongs; undefined: not here. */
  readonly sourceOf: (event: StreamEvent) => Promise<Source | undefined>;
  readonly keyOf: (event: StreamEvent) => string | undefined;
}

/** Dead letters that are to be handed out once more. Each is marked before it is, so that it is tried once, whatever comes of it. */
export class Redrives implements PullListener {
  readonly #puller: Puller;
  #isStopped = false;

  constructor(private readonly parts: RedrivesParts) {
    const { line, names, durable } = parts;
    this.#puller = new Puller({ line, stream: names.dead, consumer: names.redriveConsumerOf(durable) }, this);
  }

  replenish(): void {
    if (!this.#isStopped) this.#puller.ask(AT_ONCE);
  }

  take(delivered: Delivered): void {
    this.#hand(delivered).catch((fault: unknown) => {
      this.#answer(delivered, nakAfter(NOT_OURS));
      if (this.parts.line.isUp) this.parts.onFault(`a dead letter of "${this.parts.durable}" could not be handed out`, fault);
    });
  }

  pinned(): void {
    // Every process may have them.
  }

  asked(): void {
    this.replenish();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#puller.drain();
  }

  async #hand(delivered: Delivered): Promise<void> {
    const { durable, letters } = this.parts;
    const letter = await letters.get(durable, Number(new TextDecoder().decode(delivered.body)));
    if (letter === undefined) return this.#drop(delivered);
    const { workspaceId, type } = eventOf(letter);
    // What was put here for an erased event is for whoever its consumer may bring it to, wanted or not.
    if (letter.attempts === 0 && !this.parts.wants(workspaceId, type)) return this.#discard(letter, delivered);
    const event = new StreamEvent(letter.epoch, letter.sequence, workspaceId, type, letter.body);
    const source = this.#isStopped ? undefined : await this.parts.sourceOf(event);
    if (source === undefined) return this.#answer(delivered, nakAfter(NOT_OURS));
    if (letter.isBegun === true) return this.#giveUp(letter, delivered);
    await letters.put(durable, { ...letter, isBegun: true });
    source.enlist(this.#held(source, event, letter, delivered));
  }

  #held(source: Source, event: StreamEvent, letter: StoredLetter, { reply, sequence }: Delivered): Held {
    const held = new Held(source, reply, event, this.parts.keyOf(event), Infinity);
    held.letter = letter;
    held.redrive = sequence;
    held.attempts = letter.attempts;
    held.firstFailedAt = letter.firstFailedAt;
    return held;
  }

  /** Whoever had it before did not live to say how it ended. */
  async #giveUp(letter: StoredLetter, delivered: Delivered): Promise<void> {
    const failed = {
      ...letter,
      attempts: letter.attempts + 1,
      reason: HANDLER_CRASHED,
      lastFailedAt: this.parts.clock.now(),
      isBegun: false,
    };
    await this.parts.letters.put(this.parts.durable, failed);
    await this.#drop(delivered);
  }

  async #discard(letter: StoredLetter, delivered: Delivered): Promise<void> {
    await this.parts.letters.delete(this.parts.durable, letter.sequence);
    await this.#drop(delivered);
  }

  async #drop(delivered: Delivered): Promise<void> {
    await this.parts.letters.redriven(delivered.sequence);
    this.#answer(delivered, ACK);
  }

  #answer({ reply }: Delivered, answer: Uint8Array): void {
    this.parts.line.say(reply, answer);
  }
}
