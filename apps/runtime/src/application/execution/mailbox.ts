/** What comes for a run while it goes on; taken out all at once. */
export class Mailbox<T> {
  private items: T[] = [];
  private wake: () => void = () => undefined;

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  put(item: T): void {
    this.items.push(item);
    this.wake();
  }

  /** What is there, without taking it. */
  peek(): readonly T[] {
    return this.items;
  }

  /** All there is, once there is something. */
  async take(): Promise<readonly T[]> {
    if (this.isEmpty) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.items.splice(0);
  }
}
