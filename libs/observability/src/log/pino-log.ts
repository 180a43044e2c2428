import { pino, type DestinationStream, type Logger } from 'pino';
import { idsInHand } from './ids';
import { LevelledLog, type LogFields, type LogLevel } from './log';

const REDACTED_PATHS = ['authorization', 'cookie', 'password', 'token', '*.authorization', '*.cookie', '*.password', '*.token'];

/** Writes one JSON object a line: level, time (ISO), service, the ids in hand, message, fields. Secrets by their usual names are removed. */
export class PinoLog extends LevelledLog {
  private readonly logger: Logger;

  constructor(service: string, level: LogLevel, destination: DestinationStream = process.stderr) {
    super();
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
    this.logger.debug(fields, message);
  }

  override info(message: string, fields: LogFields = {}): void {
    this.logger.info(fields, message);
  }

  override warn(message: string, fields: LogFields = {}): void {
    this.logger.warn(fields, message);
  }

  override error(message: string, fields: LogFields = {}): void {
    this.logger.error(fields, message);
  }

  override level(): LogLevel {
    return this.logger.level as LogLevel;
  }

  override setLevel(level: LogLevel): void {
    this.logger.level = level;
  }
}
