import { resolve } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { Refused } from '../refused';
import type { Terminal } from '../terminal/terminal';
import { isMap } from './value';
import type { DataMap } from './value';
import { textOf } from '../folder/disk';

/** What a YAML or JSON file holds; `-` is standard input. Refuses what cannot be read. */
export async function dataFrom(file: string, { folder, input }: Terminal): Promise<unknown> {
  return file === '-' ? parsed(await input.text(), 'standard input') : parsed(textOf(resolve(folder, file), file), file);
}

/** What stands behind `--data`: JSON or YAML itself, `@FILE`, or `-` for standard input. */
export async function dataWritten(written: string, terminal: Terminal): Promise<unknown> {
  const file = written === '-' ? '-' : /^@(.*)$/s.exec(written)?.[1];
  return file === undefined ? parsed(written, '--data') : dataFrom(file, terminal);
}

/** What a YAML or JSON text holds. `name` is where it comes from. */
export function parsed(text: string, name: string): unknown {
  try {
    return parse(text, { schema: 'core', version: '1.2', merge: false, maxAliasCount: 50 });
  } catch (error) {
    if (!(error instanceof YAMLParseError || error instanceof ReferenceError || error instanceof RangeError)) throw error;
    throw new Refused(
      'cli.data_unreadable',
      'invalid',
      `${name} is neither JSON nor YAML: ${error.message.trimEnd()}`,
      'mend it; keys are written once, texts with special characters in quotes.',
    );
  }
}

/** A map of data. Refuses anything else. */
export function mapIn(data: unknown, name: string): DataMap {
  if (isMap(data)) return data;
  throw new Refused('cli.data_not_a_map', 'invalid', `${name} holds no map.`, 'write keys and values, as in {"body": {"name": "Ada"}}.');
}
