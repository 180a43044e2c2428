import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { factsOf } from '../check/facts';
import { differencesIn } from '../check/rules/compat';
import { readAutomation } from '../read/read';
import { offsetIn } from '../read/text/locate';
import { parseYaml } from '../read/parse-yaml';
import { translatedEvent } from './event-names';
import type { ImportDifference } from './note';

/** An automation of Prisme.ai as one of ours: its text, what was changed in it, and where it means something else. */
export interface ConvertedAutomation {
  readonly text: string;
  readonly changes: readonly string[];
  readonly differences: readonly ImportDifference[];
  /** What keeps it from being read. */
  readonly refused?: string;
}

/** Translates an automation, comments and order kept. */
export function convertAutomation(text: string, file: string): ConvertedAutomation {
  const { tree, problems } = parseYaml(text, file);
  const [first] = tree === undefined ? problems : [];
  if (first !== undefined) return { text, changes: [], differences: [], refused: `line ${first.line}: ${first.message}` };
  const document = parseDocument(text, { version: '1.2', schema: 'core', merge: false, logLevel: 'silent' });
  const [problem] = document.errors;
  if (problem !== undefined) return { text, changes: [], differences: [], refused: `it is no valid YAML: ${problem.message}` };
  const changes = [...openEndpoint(document), ...renameEvents(document)];
  const result = changes.length === 0 ? text : document.toString({ lineWidth: 0 });
  return { text: result, changes, differences: differencesOf(result, file), ...refusal(result, file) };
}

/** Endpoints of Prisme.ai are open to all; written out, so that nothing is open by silence. */
function openEndpoint(document: Document): readonly string[] {
  const path = ['when', 'endpoint'];
  const endpoint = document.getIn(path);
  if (endpoint === true) document.setIn(path, document.createNode({ access: 'public' }));
  else if (typeof endpoint === 'string') document.setIn(path, document.createNode({ path: endpoint, access: 'public' }));
  else if (isMap(endpoint) && !endpoint.has('access')) endpoint.set('access', 'public');
  else return [];
  return ['its endpoint has `access: public`'];
}

function renameEvents(document: Document): readonly string[] {
  const events = document.getIn(['when', 'events']);
  const items = isSeq<Node>(events) ? events.items : [];
  return items.flatMap((item) => {
    if (!isScalar(item) || typeof item.value !== 'string') return [];
    const name = translatedEvent(item.value);
    if (name === item.value) return [];
    const before = item.value;
    item.value = name;
    return [`the event \`${before}\` is \`${name}\``];
  });
}

function refusal(text: string, file: string): Pick<ConvertedAutomation, 'refused'> {
  const problem = readAutomation(text, file, { prisme: true }).problems.find(({ severity }) => severity === 'error');
  return problem === undefined ? {} : { refused: `line ${problem.line}: ${problem.message}` };
}

function differencesOf(text: string, file: string): readonly ImportDifference[] {
  const { document } = readAutomation(text, file, { prisme: true });
  if (document === undefined) return [];
  return differencesIn(factsOf(document, new Set())).map(({ row, tree, message, expression }) => {
    const at = expression === undefined || tree.kind !== 'scalar' ? tree.start : offsetIn(tree, expression.at);
    return { row, ...tree.file.position(at), message };
  });
}
