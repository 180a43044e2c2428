import { expect } from '@jest/globals';
import { Ground, type Answered } from '../ground';
import { MOST_CPU, MOST_MEMORY, Scale } from './scale';

/** A house that bombs are thrown at, by ada. */
export class Bombed {
  private readonly scale: Scale;

  private constructor(
    readonly ground: Ground,
    /** Of ada. */
    readonly authorization: string,
  ) {
    this.scale = new Scale(ground);
  }

  static async make(): Promise<Bombed> {
    const ground = await Ground.make();
    return new Bombed(ground, `Bearer ${await ground.token('ada')}`);
  }

  /** Makes a workspace of ada's; answers its id. */
  async workspace(): Promise<string> {
    return this.ground.workspace(await this.ground.as('ada'));
  }

  /** Throws it a few times and sees that it costs little; answers each status once. */
  async thrown(send: () => Promise<Answered>): Promise<readonly number[]> {
    const { statuses, cpu, memory = 0 } = await this.scale.weigh(send);
    expect(cpu).toBeLessThan(MOST_CPU);
    expect(memory).toBeLessThan(MOST_MEMORY);
    return statuses;
  }

  async stop(): Promise<void> {
    await this.ground.stop();
  }
}
