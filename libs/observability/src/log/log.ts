/** Facts of a log line. `error` is written with its stack. */
export type LogFields = Readonly<Record<string, unknown>>;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** The log of one service. Lines carry the ids of the work in hand; never secrets, never payloads. */
export abstract class Log {
  abstract debug(message: string, fields?: LogFields): void;
  abstract info(message: string, fields?: LogFields): void;
  /** Something unexpected that the service coped with. */
  abstract warn(message: string, fields?: LogFields): void;
  /** A fault of ours, or a promise that could not be kept. */
  abstract error(message: string, fields?: LogFields): void;
}

/** The work whose lines are wanted: that of these ids. */
export interface LogFocus {
  readonly level: LogLevel;
  readonly ids: Readonly<Record<string, string>>;
}

/** A log whose level can be changed while the service runs. */
export abstract class LevelledLog extends Log {
  abstract level(): LogLevel;
  /** Sets the level, at once. */
  abstract setLevel(level: LogLevel): void;
  /** Writes lines of this level too while work with these ids is in hand; undefined: no longer. */
  abstract focus(focus: LogFocus | undefined): void;
}
