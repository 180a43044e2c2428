import type { Edit, Problem, Severity } from '@millrace/language';

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', hint: 'note' };

/** Problems as SARIF 2.1.0, for code scanning and editors. Columns count UTF-16 units; paths are relative to where the command was typed. */
export function sarif(problems: readonly Problem[], version: string): object {
  const codes = [...new Set(problems.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'millrace', version, rules: codes.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: problems.map((problem) => resultOf(problem, codes)),
      },
    ],
  };
}

function resultOf(problem: Problem, codes: readonly string[]): object {
  const { code, severity, message, file, fix } = problem;
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: artifact(file), region: regionOf(problem) } }],
    ...(fix === undefined
      ? {}
      : {
          fixes: [
            {
              description: { text: fix.title },
              artifactChanges: [{ artifactLocation: artifact(file), replacements: fix.edits.map(replacementOf) }],
            },
          ],
        }),
  };
}

function replacementOf(edit: Edit): object {
  return { deletedRegion: regionOf(edit), insertedContent: { text: edit.text } };
}

function artifact(file: string): object {
  return { uri: file.split('/').map(encodeURIComponent).join('/') };
}

function regionOf({ line, column, endLine, endColumn }: Omit<Edit, 'text'>): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}
