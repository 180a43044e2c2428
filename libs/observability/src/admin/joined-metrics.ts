import type { Metrics } from '../metrics';

/** One exposition of several registries: a metric that several services have is described once. */
export async function joinedMetrics(all: readonly Metrics[]): Promise<string> {
  const texts = await Promise.all(all.map(({ registry }) => registry.metrics()));
  const described = new Set<string>();
  const families = new Map<string, string[]>();
  let family: string[] = [];
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const name = /^# (?:HELP|TYPE) (\S+)/.exec(line)?.[1];
    if (name !== undefined) {
      family = families.get(name) ?? [];
      families.set(name, family);
      if (described.has(line)) continue;
      described.add(line);
    }
    if (line !== '') family.push(line);
  }
  return `${[...families.values()].flat().join('\n')}\n`;
}
