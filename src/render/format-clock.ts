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
