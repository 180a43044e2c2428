/** Lets the works on one thing take turns, in the order they came; works on different things do not wait for each other. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  async run<R>(thing: string, work: () => Promise<R>): Promise<R> {
    const before = this.last.get(thing);
    const turn = before === undefined ? work() : before.then(work, work);
    this.last.set(thing, turn);
    try {
      return await turn;
    } finally {
      if (this.last.get(thing) === turn) this.last.delete(thing);
    }
  }
}
