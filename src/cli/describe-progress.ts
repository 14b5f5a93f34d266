/**
 * How far the work is: `14/200 · 2.3 pictures/s · 1 min 21 s left`.
 * @param elapsedMs since the first of them was begun.
 */
export function describeProgress(done: number, total: number, elapsedMs: number): string {
  const perSecond = elapsedMs > 0 ? (done * 1000) / elapsedMs : 0;
  if (perSecond === 0) return `${done}/${total}`;
  return `${done}/${total} · ${perSecond.toFixed(1)} pictures/s · ${formatSeconds((total - done) / perSecond)} left`;
}

function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
