/** Whether an event type fits a pattern: `*` stands for one token, a final `>` for one or more. A pattern without either is the name. */
export function matchesPattern(pattern: string, type: string): boolean {
  const wanted = pattern.split('.');
  const tokens = type.split('.');
  const open = wanted.at(-1) === '>';
  const fixed = open ? wanted.length - 1 : wanted.length;
  if (open ? tokens.length <= fixed : tokens.length !== fixed) return false;
  return wanted.slice(0, fixed).every((token, index) => token === '*' || token === tokens[index]);
}

/** Whether a text is an event type or a pattern of event types. */
export function isPattern(text: string): boolean {
  const tokens = text.split('.');
  return (
    tokens.length <= 8 &&
    text.length <= 120 &&
    tokens.every((token, index) => isToken(token) || token === '*' || (token === '>' && index === tokens.length - 1))
  );
}

/** Whether a text is a pattern that stands for more than its own name. */
export function isOpenPattern(text: string): boolean {
  return /(?:^|\.)(?:\*(?:\.|$)|>$)/.test(text);
}

/** Whether a text is the full name of an event: 1 to 8 tokens of letters, digits, `_` and `-`, at most 120 characters. */
export function isEventName(text: string): boolean {
  const tokens = text.split('.');
  return tokens.length <= 8 && text.length <= 120 && tokens.every(isToken);
}

function isToken(token: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(token);
}
