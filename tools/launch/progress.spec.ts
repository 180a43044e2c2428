import { describe, expect, it } from '@jest/globals';
import { formatCounts } from './closing-line.mjs';
import { failureText } from './progress.mjs';
import { exitCode } from './run.mjs';

describe('what the launcher says at the end', () => {
  it('shows the end of the log and what to do when a step fails', () => {
    const output = Array.from({ length: 40 }, (_, index) => `\u001b[31mline ${index}\u001b[39m`).join('\n');
    const text = failureText({ title: 'Building', log: '.cache/build.log', end: '1', advice: 'Mend it.' }, output);
    expect(text).toMatch(/^Building failed \(1\)\. The end of \.cache\/build\.log:/);
    expect(text).toContain('  line 39');
    expect(text).not.toContain('line 20\n');
    expect(text.endsWith('\n\nMend it.')).toBe(true);
  });

  it('names what was skipped only when something was', () => {
    expect(formatCounts({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
    expect(formatCounts({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });

  it('reports a signal as a shell would', () => {
    expect(exitCode(3, null)).toBe(3);
    expect(exitCode(null, 'SIGTERM')).toBe(143);
  });
});
