import { Log, type LogFields } from '@millrace/observability';

/** A log that keeps its lines. */
export class Lines extends Log {
  readonly lines: { readonly level: string; readonly message: string; readonly fields: LogFields | undefined }[] = [];

  override debug(message: string, fields?: LogFields): void {
    this.lines.push({ level: 'debug', message, fields });
  }

  override info(message: string, fields?: LogFields): void {
    this.lines.push({ level: 'info', message, fields });
  }

  override warn(message: string, fields?: LogFields): void {
    this.lines.push({ level: 'warn', message, fields });
  }

  override error(message: string, fields?: LogFields): void {
    this.lines.push({ level: 'error', message, fields });
  }
}
