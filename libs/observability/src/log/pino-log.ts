import { pino, type DestinationStream, type Logger } from 'pino';
import { idsInHand } from './ids';
import { LevelledLog, LOG_LEVELS, type LogFields, type LogFocus, type LogLevel } from './log';

const REDACTED_PATHS = ['authorization', 'cookie', 'password', 'token', '*.authorization', '*.cookie', '*.password', '*.token'];

/** Writes one JSON object a line: level, time (ISO), service, the ids in hand, message, fields. Secrets by their usual names are removed. */
export class PinoLog extends LevelledLog {
  private readonly logger: Logger;
  private usual: LogLevel;
  private focused?: LogFocus | undefined;

  constructor(service: string, level: LogLevel, destination: DestinationStream = process.stderr) {
    super();
    this.usual = level;
    this.logger = pino(
      {
        level,
        base: { service },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        mixin: () => idsInHand(),
        errorKey: 'error',
        redact: { paths: REDACTED_PATHS, censor: 'REDACTED' },
      },
      destination,
    );
  }

  override debug(message: string, fields: LogFields = {}): void {
    if (this.wants('debug')) this.logger.debug(fields, message);
  }

  override info(message: string, fields: LogFields = {}): void {
    if (this.wants('info')) this.logger.info(fields, message);
  }

  override warn(message: string, fields: LogFields = {}): void {
    if (this.wants('warn')) this.logger.warn(fields, message);
  }

  override error(message: string, fields: LogFields = {}): void {
    if (this.wants('error')) this.logger.error(fields, message);
  }

  override level(): LogLevel {
    return this.usual;
  }

  override setLevel(level: LogLevel): void {
    this.usual = level;
    this.apply();
  }

  override focus(focus: LogFocus | undefined): void {
    this.focused = focus;
    this.apply();
  }

  /** The writer takes the finest of both levels; what only the focus wants is looked at line by line. */
  private apply(): void {
    const { focused, usual } = this;
    this.logger.level = focused !== undefined && rank(focused.level) < rank(usual) ? focused.level : usual;
  }

  private wants(level: LogLevel): boolean {
    const { focused } = this;
    if (focused === undefined || rank(level) >= rank(this.usual)) return true;
    const inHand: Readonly<Record<string, string | undefined>> = { ...idsInHand() };
    return Object.entries(focused.ids).every(([name, id]) => inHand[name] === id);
  }
}

function rank(level: LogLevel): number {
  return LOG_LEVELS.indexOf(level);
}
