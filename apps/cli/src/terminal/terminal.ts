import type { Look } from '../config';

/** A stream that is written to, and how. */
export interface Channel {
  readonly look: Look;
  write(text: string): void;
}

/** What a command reads from besides files. */
export interface Input {
  /** A person types it. */
  readonly isTerminal: boolean;
  /** All of it, as text. */
  text(): Promise<string>;
  /** Line by line, as they are typed. */
  lines(): AsyncIterable<string>;
}

/** All that a command touches of the process it runs in. */
export interface Terminal {
  /** The folder that paths count from. */
  readonly folder: string;
  /** What was asked for, and nothing else. */
  readonly output: Channel;
  /** What is said about it: notes, refusals. */
  readonly notes: Channel;
  readonly input: Input;
}
