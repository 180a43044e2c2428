/** Compiles a subject pattern: tokens joined by dots, `*` for one token, a final `>` for one or more. */
export function subjectMatcher(pattern: string): (subject: string) => boolean {
  if (!isOpenSubject(pattern)) return (subject) => subject === pattern;
  const tokens = pattern.split('.');
  const open = tokens.at(-1) === '>';
  const fixed = open ? tokens.slice(0, -1) : tokens;
  return (subject) => {
    const parts = subject.split('.');
    if (open ? parts.length <= fixed.length : parts.length !== fixed.length) return false;
    return fixed.every((token, index) => token === '*' || token === parts[index]);
  };
}

/** Whether a subject stands for more than itself. */
export function isOpenSubject(pattern: string): boolean {
  return pattern === '*' || pattern === '>' || pattern.startsWith('*.') || /\.(?:\*(?:\.|$)|>$)/.test(pattern);
}
