/** `00:01:02.500`: hours (two digits or more), minutes, seconds, milliseconds. Times before 0 count as 0. */
export function formatTimestamp(seconds: number, decimalMark: '.' | ',' = '.'): string {
  const milliseconds = Math.max(0, Math.round(seconds * 1000));
  const [whole, rest] = [Math.floor(milliseconds / 1000), milliseconds % 1000];
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${clock}${decimalMark}${String(rest).padStart(3, '0')}`;
}
