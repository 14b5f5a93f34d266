/**
 * A time as people write it: `10`, `2.5s`, `500ms`, `3m`, `1h`, or a clock (`1:30`, `01:02:03.5`). NaN for anything
 * else.
 */
export function parseSeconds(text: string): number {
  const plain = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  if (plain) return Number(plain[1]) * { ms: 0.001, s: 1, m: 60, h: 3600 }[(plain[2] ?? 's') as 's'];
  const clock = /^(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/.exec(text);
  return clock ? Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]) : NaN;
}
