/** The slug a file gives to its automation: its path below `automations/`, without the extension. */
export function slugOf(file: string): string {
  const path = file.replace(/^(?:.*\/)?automations\//, '');
  return path.replace(/\.(?:ya?ml|json)$/, '');
}
