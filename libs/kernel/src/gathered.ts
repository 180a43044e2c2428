/**
 * One question that many ask at once, answered by what is true when it is asked: who comes while it is under way waits for the next one,
 * and one answer is for all who wait.
 */
export class Gathered<Answer> {
  #underWay: Promise<unknown> | undefined;
  #next: Promise<Answer> | undefined;

  constructor(private readonly question: () => Promise<Answer>) {}

  /** Rejects as the question does; that of others is asked all the same. */
  ask(): Promise<Answer> {
    // Who comes between the end of one and the beginning of the next is one of those who wait for that.
    if (this.#underWay === undefined) return this.#next ?? this.#begin();
    this.#next ??= this.#underWay.then(() => this.#begin());
    return this.#next;
  }

  #begin(): Promise<Answer> {
    this.#next = undefined;
    const answer = this.question();
    const end = (): void => void (this.#underWay = undefined);
    this.#underWay = answer.then(end, end);
    return answer;
  }
}
