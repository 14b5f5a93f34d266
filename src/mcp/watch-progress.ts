import type { ServerContext } from '@modelcontextprotocol/server';

/** Between two tellings, milliseconds: more a second help nobody. */
const INTERVAL_MS = 200;

/** Tells a client, where it asked for that, how many tokens have come. */
export interface ProgressWatch {
  readonly countToken: () => void;
  /** Tell no more. Waits for what is under way: nothing may come after the result. */
  readonly end: () => Promise<void>;
}

/** Watch one call of a tool. */
export function watchProgress({ mcpReq }: ServerContext): ProgressWatch {
  const progressToken = mcpReq._meta?.progressToken;
  let tokens = 0;
  let toldAt = -Infinity;
  let telling = Promise.resolve();
  let isOver = false;
  return {
    countToken: () => {
      tokens++;
      const now = performance.now();
      if (progressToken === undefined || isOver || now - toldAt < INTERVAL_MS) return;
      toldAt = now;
      const params = { progressToken, progress: tokens, message: `${tokens} tokens` };
      telling = telling
        .then(() => mcpReq.notify({ method: 'notifications/progress', params }))
        // A client that is gone hears of the result no more either.
        .catch(() => undefined);
    },
    end: () => {
      isOver = true;
      return telling;
    },
  };
}
