import type { Lane } from './time/lane';
import type { Task } from './time/scheduler';

/** Something a process asks of the world. */
export interface Operation<T> {
  /** What it is, for hooks: `log.append`, `kv.put runs`. */
  readonly name: string;
  /** On what, for the history. */
  readonly about?: string;
  /** It changes what outlives the process. */
  readonly isDurable?: boolean;
  /** Operations of one lane take effect in the order they were asked for. */
  readonly lane?: Lane<Task>;
  /** All of it happens at once; what it throws is the refusal. */
  effect(): T;
}

/** Hears what becomes of a process. */
export interface Fate {
  crashed(): void;
  paused?(): void;
  resumed?(): void;
}

/** How one process reaches the world, and the world the process. */
export interface Link {
  readonly name: string;
  /** Whether the process gets anything done at the moment. */
  readonly isRunning: boolean;
  /** Milliseconds since 1970. */
  now(): number;
  /** Takes effect some time later; the answer comes some time after that. Neither comes once the process has crashed. */
  ask<T>(operation: Operation<T>): Promise<T>;
  /** Runs code of the process some time later, unless it has crashed by then. */
  tell(name: string, code: () => void, lane?: Lane<Task>): void;
  /** Runs code of the process when the time has come. Answers how to take it back. */
  alarm(at: number, ring: () => void): () => void;
  /** Answers how to stop listening. */
  onFate(fate: Fate): () => void;
}
