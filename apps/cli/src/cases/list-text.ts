/** Whether a YAML or JSON text that was read without complaint holds a list. */
export function isListText(text: string): boolean {
  const first = text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => line.trim().replace(/^---(?:\s+|$)/, ''))
    .find((line) => line !== '' && !/^[#%]/.test(line));
  return first !== undefined && /^(?:\[|-(?:\s|$))/.test(first);
}
