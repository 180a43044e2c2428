import { reading } from './reading.mjs';
import { evaluating } from './evaluating.mjs';
import { documents } from './documents.mjs';
import { runs } from './runs.mjs';

/** What must hold of the language, whatever is written in it. */
export const TARGETS = [
  { name: 'expressions', property: reading },
  { name: 'evaluation', property: evaluating },
  { name: 'documents', property: documents },
  { name: 'runs', property: runs },
];
