import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { checkAccess } from './check-access.js';
import { errorHeaders, HttpError, statusOf, toErrorBody } from './http-error.js';
import { limitBody } from './limit-body.js';
import { logRequests } from './log-requests.js';
import { addChatCompletions } from './routes/chat-completions.js';
import { addEngineRoutes } from './routes/engine.js';
import { addLabelStudio } from './routes/label-studio.js';
import { addMcpRoute } from './routes/mcp.js';
import { addModelRoutes } from './routes/models.js';
import { addResponses } from './routes/responses.js';
import { addTaskRoutes } from './routes/tasks.js';
import { addPage } from './routes/page.js';
import { addStatusRoutes } from './routes/status.js';
import type { App, ServeContext } from './serve-context.js';

/** Each file in routes/ is one group of routes. */
const routeGroups: readonly ((app: App, server: ServeContext) => void)[] = [
  addPage,
  addStatusRoutes,
  addModelRoutes,
  addEngineRoutes,
  addChatCompletions,
  addResponses,
  addTaskRoutes,
  addLabelStudio,
  addMcpRoute,
];

/** Everything the server answers, without the sockets that it listens on. */
export function createApp(server: ServeContext): App {
  const app: App = new Hono();
  app.use(logRequests(server));
  app.use(checkAccess(server));
  if (server.origins.length > 0)
    app.use(cors({ origin: [...server.origins], exposeHeaders: ['retry-after'] }));
  app.use(limitBody);
  for (const addRoutes of routeGroups) addRoutes(app, server);
  app.notFound((c) => {
    throw new HttpError(404, 'ROUTE_UNKNOWN', `There is no ${c.req.method} ${c.req.path.slice(0, 200)}.`, {
      hint: 'The routes are in docs/server.md.',
    });
  });
  app.onError((error, c) => {
    const body = toErrorBody(error);
    if (statusOf(error) === 500) c.get('facts').error = error.stack ?? String(error);
    return c.json(body, statusOf(error), errorHeaders(error));
  });
  return app;
}
