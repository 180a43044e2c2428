import { describe, expect, it } from '@jest/globals';
import { command, first } from './command.mjs';
import { valueNames } from './folders.mjs';
import { isAllowed } from './packages.mjs';

describe('a gate that is a program', () => {
  it('finds nothing wrong when the program ends with 0', async () => {
    await expect(command(process.execPath, '-e', 'console.log("fine")')()).resolves.toBeUndefined();
  });

  it('answers what the program wrote, to either stream, when it fails', async () => {
    await expect(command(process.execPath, '-e', 'console.error("a"); process.exit(3)')()).resolves.toBe('a');
    await expect(command(process.execPath, '-e', 'process.exit(3)')()).resolves.toMatch(/ended with 3 and said nothing/);
  });

  it('stops at the first of several checks that finds something', async () => {
    const never = () => {
      throw new Error('not reached');
    };
    await expect(
      first(
        () => undefined,
        () => 'second',
        never,
      ),
    ).resolves.toBe('second');
  });
});

describe('licences', () => {
  it.each(['MIT', '(MIT OR GPL-3.0)', 'Apache-2.0 AND MIT', '(WTFPL OR MIT)'])('let pass %s', (licence) => {
    expect(isAllowed(licence)).toBe(true);
  });

  it.each(['GPL-3.0', 'MIT AND GPL-3.0', 'SEE LICENSE IN LICENSE', 'none named'])('refuse %s', (licence) => {
    expect(isAllowed(licence)).toBe(false);
  });
});

describe('the names a lib promises', () => {
  it('are what index.ts exports, types and what is generated apart', () => {
    const source = `export { a, type B, c as d } from './a';\nexport type { E } from './e';\nexport {\n  f,\n} from './f';\nexport { G } from './gen/g_pb';\n`;
    expect(valueNames(source)).toEqual(['a', 'c as d', 'f']);
  });
});
