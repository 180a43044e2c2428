/** Milliseconds between two looks while events are appended. */
const LOOK_AGAIN = 1_000;
/** Bytes that nobody fills between two looks. */
const AMPLE = 64 * 1024 * 1024;

interface Usage {
  readonly bytes: number;
  readonly capacity: number;
}

/** Whether the log has ample room, as far as was seen lately. */
export class Room {
  #isAmple = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly look: () => Promise<Usage>) {}

  get isAmple(): boolean {
    return this.#isAmple;
  }

  /** So much is used now. */
  saw({ bytes, capacity }: Usage): void {
    this.#isAmple = capacity - bytes > AMPLE;
  }

  /** Something was appended: it is looked at again in a while. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.look().then(
        (usage) => this.saw(usage),
        () => (this.#isAmple = false),
      );
    }, LOOK_AGAIN).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
