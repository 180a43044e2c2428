import { documentSchema } from '@millrace/language';
import { misused } from '../refused';
import type { Perform } from '../usage/command';
import { printJson } from '../usage/format';
import { didYouMean } from '../usage/nearest';

const KINDS = ['automation', 'workspace', 'event', 'apps'];

/** `millrace schema`. */
export const performSchema: Perform = async ({ operands: [kind] }, { output }) => {
  const kinds = `there are schemas of ${KINDS.join(', ')}.`;
  if (kind === undefined) throw misused('Which schema?', kinds);
  const schema = documentSchema(kind);
  if (schema === undefined) throw misused(`There is no schema of \`${kind}\`.${didYouMean(kind, KINDS)}`, kinds);
  printJson(schema, output);
  return 0;
};
