import { useEffect, useState } from 'react';

/** A number that grows by one with every interval. */
export function useTick(intervalMs: number, isRunning: boolean): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setTick((count) => count + 1), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs, isRunning]);
  return tick;
}
