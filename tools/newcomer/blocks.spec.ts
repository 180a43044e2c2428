import { describe, expect, it } from '@jest/globals';
import { blocksOf, shows } from './blocks.mjs';

const README = `
# Title
\`\`\`bash
not this
\`\`\`
<!-- newcomer:start -->
Create one:
\`\`\`bash
curl -s localhost:4000/a
\`\`\`
\`\`\`json
{ "id": "…" }
\`\`\`
Then another:
\`\`\`bash
curl -s localhost:4000/b \\
  -d x
\`\`\`
<!-- newcomer:end -->
\`\`\`bash
nor this
\`\`\`
`;

const json = (text: string) => ({ kind: 'json', text });
const text = (text: string) => ({ kind: 'text', text });

describe('what a README shows', () => {
  it('are the commands between the markers, each with the output that follows it', () => {
    expect(blocksOf(README)).toEqual([
      { commands: 'curl -s localhost:4000/a\n', expected: { kind: 'json', text: '{ "id": "…" }\n' } },
      { commands: 'curl -s localhost:4000/b \\\n  -d x\n', expected: undefined },
    ]);
  });

  it('are no commands where there are no markers', () => {
    expect(blocksOf('```bash\nls\n```\n')).toEqual([]);
  });

  it.each([
    ['the same text', text('ready in 3 s\n'), 'ready in 3 s'],
    ['an ellipsis for a part that varies', text('ready in … s'), 'ready in 0.4 s\n'],
    ['an ellipsis for several lines', text('first\n…\nlast'), 'first\na\nb\nlast'],
    ['the same JSON, laid out otherwise', json('{ "a": 1,\n "b": [2] }'), '{"b":[2],"a":1}'],
    ['an ellipsis for a value', json('{ "id": "…", "at": "2026-…" }'), '{"id":{"x":1},"at":"2026-11-21"}'],
    ['an ellipsis for further members', json('{ "a": 1, "…": "…" }'), '{"a":1,"b":2}'],
    ['an ellipsis for the rest of a list', json('[1, "…"]'), '[1,2,3]'],
    ['JSON that is cut short, as text', json('{ "a": 1, … }'), '{ "a": 1, "b": 2 }'],
  ])('matches %s', (_what, expected, output) => {
    expect(shows(expected, output)).toBe(true);
  });

  it.each([
    ['another text', text('ready'), 'not ready'],
    ['characters that mean something in a pattern', text('a.c'), 'abc'],
    ['another value', json('{ "a": 1 }'), '{"a":2}'],
    ['a missing member', json('{ "a": "…", "b": 1 }'), '{"b":1}'],
    ['a further member', json('{ "a": 1 }'), '{"a":1,"b":2}'],
    ['a longer list', json('[1]'), '[1,2]'],
    ['something that is not JSON', json('{ "a": 1 }'), 'Bad Gateway'],
  ])('does not match %s', (_what, expected, output) => {
    expect(shows(expected, output)).toBe(false);
  });
});
