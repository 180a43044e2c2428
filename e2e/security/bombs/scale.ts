import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Answered, Ground } from '../ground';

/** Milliseconds of the processor that a bomb may cost: fifty, and as much again where another program has the other half of the core. */
export const MOST_CPU = 100;
/** MiB. */
export const MOST_MEMORY = 20;

const ROUNDS = 7;
const KIB_IN_MIB = 1_024;

/** What a request costs at its least, beside whatever else the process does at the time and the collector has not come to. */
export interface Weight {
  readonly statuses: readonly number[];
  /** Milliseconds of the processor. */
  readonly cpu: number;
  /** MiB by which the memory of the process was larger at its largest; undefined where the kernel does not say. */
  readonly memory: number | undefined;
}

/** Weighs what requests cost the process that serves them: its own time on the processor, which a busy machine does not make longer by waiting. */
export class Scale {
  constructor(private readonly ground: Ground) {}

  /** Sends it a few times. What is least is what it costs: no round costs less, and any may cost more by what goes on beside it. */
  async weigh(send: () => Promise<Answered>): Promise<Weight> {
    const weights: Weight[] = [];
    await send();
    for (let round = 0; round < ROUNDS; round++) weights.push(await this.once(send));
    const [first] = weights.map(({ memory }) => memory).toSorted((a = 0, b = 0) => a - b);
    return {
      statuses: [...new Set(weights.flatMap(({ statuses }) => statuses))],
      cpu: Math.min(...weights.map(({ cpu }) => cpu)),
      memory: first,
    };
  }

  private async once(send: () => Promise<Answered>): Promise<Weight> {
    const { pid } = this.ground.millrace;
    const before = await this.cpu();
    const resident = restarted(pid);
    const { status } = await send();
    const memory = resident === undefined ? undefined : (kibOf(pid, 'VmHWM') - resident) / KIB_IN_MIB;
    return { statuses: [status], cpu: (await this.cpu()) - before, memory };
  }

  private async cpu(): Promise<number> {
    const { body } = await this.ground.ask(`${this.ground.millrace.adminUrl}/metrics`);
    return Number(/^\w*process_cpu_seconds_total(?:\{[^}]*\})? (\S+)$/m.exec(body)?.[1]) * 1_000;
  }
}

/** Has the kernel measure the most memory anew; answers KiB in use now. */
function restarted(pid: number): number | undefined {
  if (!existsSync(`/proc/${pid}/clear_refs`)) return undefined;
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return kibOf(pid, 'VmRSS');
}

function kibOf(pid: number, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
