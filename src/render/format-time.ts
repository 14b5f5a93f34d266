/**
 * A time for people, rounded down as clocks do: `0:07`, `12:30`, `1:02:03`, with decimals `0:07.5`.
 *
 * @param seconds 0 or more.
 * @param decimals 0, 1 or 2.
 */
export function formatClock(seconds: number, decimals = 0): string {
  const scale = 10 ** decimals;
  // Frames' times are sums of binary fractions: 6.9999999 is 7.
  const ticks = Math.floor(Math.max(0, seconds) * scale + 0.001);
  const whole = Math.floor(ticks / scale);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const fraction = decimals === 0 ? '' : `.${String(ticks % scale).padStart(decimals, '0')}`;
  const end = `${String(rest).padStart(2, '0')}${fraction}`;
  return hours === 0 ? `${minutes}:${end}` : `${hours}:${String(minutes).padStart(2, '0')}:${end}`;
}

/** A duration for people, rounded up: `25 s`, `1 min 21 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `00:01:02.500`: hours (two digits or more), minutes, seconds, milliseconds. Times before 0 count as 0. */
export function formatTimestamp(seconds: number, decimalMark: '.' | ',' = '.'): string {
  const milliseconds = Math.max(0, Math.round(seconds * 1000));
  const [whole, rest] = [Math.floor(milliseconds / 1000), milliseconds % 1000];
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${clock}${decimalMark}${String(rest).padStart(3, '0')}`;
}
