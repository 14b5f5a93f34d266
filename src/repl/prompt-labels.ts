/** The things that a detect or segment line names, for completion; none for other lines. */
export function splitThingsOf(text: string): string[] {
  const match = /^(?:detect|segment)\s+(.+)$/.exec(text);
  if (match === null) return [];
  return match[1]
    .split(';')
    .map((thing) => thing.trim())
    .filter((thing) => thing !== '');
}
