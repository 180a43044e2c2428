import type { LoggerService } from '@nestjs/common';
import type { Log } from './log';

/** Nest's own messages, on our log. Its start-up chatter is debug. */
export function nestLog(log: Log): LoggerService {
  const text = (message: unknown): string => (message instanceof Error ? message.message : String(message));
  const fields = (message: unknown): { error: Error } | undefined => (message instanceof Error ? { error: message } : undefined);
  return {
    log: (message) => log.debug(text(message)),
    debug: (message) => log.debug(text(message)),
    verbose: (message) => log.debug(text(message)),
    warn: (message) => log.warn(text(message), fields(message)),
    error: (message) => log.error(text(message), fields(message)),
    fatal: (message) => log.error(text(message), fields(message)),
  };
}
