import type { App, ServeContext } from '../serve-context.js';

/** Health, status, and the same as metrics. None of them loads a model or keeps one in memory. */
export function addStatusRoutes(app: App, server: ServeContext): void {
  app.get('/health', (c) =>
    // `UP` is what Label Studio looks for.
    c.json({
      status: server.admission.isClosed ? 'STOPPING' : 'UP',
      version: server.version,
      model_class: 'pali',
    }),
  );
  app.get('/v1/status', (c) => c.json(describeStatus(server)));
  app.get('/metrics', async (c) => {
    const models = server.models.list();
    const text = await server.metrics.render({
      requestsUnderWay: server.admission.count,
      models: models.length,
      enginePids: models.flatMap(({ info }) => info?.processId ?? []),
    });
    return c.body(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
}

/** The answer of /v1/status, which `pali ps` shows. */
export interface ServerStatus {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly requestsUnderWay: number;
  readonly maxQueue: number;
  readonly defaultModel: string;
  readonly models: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly sizeBytes: number;
    /** Absent while it is loading. */
    readonly device?: string;
    readonly enginePid?: number;
    readonly requests: number;
    /** Absent while it is in use, or when it stays for ever. */
    readonly expiresAt?: string;
  }[];
}

function describeStatus({ version, models, admission, startedAt, defaultModel }: ServeContext): ServerStatus {
  return {
    version,
    pid: process.pid,
    startedAt: startedAt.toISOString(),
    requestsUnderWay: admission.count,
    maxQueue: admission.maxRequests,
    defaultModel,
    models: models.list().map(({ model, info, uses, expiresAt }) => ({
      name: model.name,
      dtype: model.dtype,
      sizeBytes: model.sizeBytes,
      ...(info && {
        device: info.device,
        ...(info.processId !== undefined && { enginePid: info.processId }),
      }),
      requests: uses,
      ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    })),
  };
}
