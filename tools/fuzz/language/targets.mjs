import { reading } from './reading.mjs';
import { evaluating } from './evaluating.mjs';
import { documents } from './documents.mjs';
import { runs } from './runs.mjs';

const TARGETS = [
  { name: 'expressions', property: reading },
  { name: 'evaluation', property: evaluating },
  { name: 'documents', property: documents },
  { name: 'runs', property: runs },
];

/** What must hold of the language, whatever is written in it. */
export async function prepare() {
  return { targets: TARGETS, end: async () => undefined };
}
