import type { Look, Settings } from '../config';

/** A stream that is written to, and how. */
export interface Channel {
  readonly look: Look;
  /** A person reads it as it comes. */
  readonly isTerminal: boolean;
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

/** The time that a command lives in. */
export interface Time {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds; rejects when the signal gives up. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
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
  readonly settings: Settings;
  readonly time: Time;
  /** Gives up when the person wants the command to end. A command that asks for it ends by itself then; others are ended. */
  readonly interruption: () => AbortSignal;
}
