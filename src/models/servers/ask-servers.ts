import * as v from 'valibot';
import { HttpClient, readBody } from '../../engine/remote/http-client.js';
import { listServers, type RuntimeRecord } from '../../engine/remote/runtime-file.js';
import { toAddress } from './find-server.js';
import { runtimeFolder } from './runtime-folder.js';

/** A server that does not answer such a question within this time, milliseconds, is hung. */
const SILENCE_MS = 3000;

const statusSchema = v.object({
  requestsUnderWay: v.number(),
  maxQueue: v.number(),
  models: v.array(
    v.object({
      name: v.string(),
      dtype: v.string(),
      sizeBytes: v.number(),
      device: v.exactOptional(v.string()),
      enginePid: v.exactOptional(v.number()),
      requests: v.number(),
      expiresAt: v.exactOptional(v.string()),
    }),
  ),
});

/** A server of this user, and what it says of itself. */
export interface ServerReport extends Omit<RuntimeRecord, 'secret'> {
  /** Absent where it does not answer. */
  readonly status?: v.InferOutput<typeof statusSchema>;
}

/** Ask every server of this user what it does; the oldest first. */
export async function askServers(): Promise<ServerReport[]> {
  return Promise.all((await listServers(runtimeFolder())).map((record) => askServer(record)));
}

async function askServer(record: RuntimeRecord): Promise<ServerReport> {
  const { pid, version, socketPath, url, startedAt } = record;
  const shown = { pid, version, ...(socketPath && { socketPath }), ...(url && { url }), startedAt };
  const address = toAddress(record);
  const client = new HttpClient(address);
  try {
    const response = await client.send({ method: 'GET', path: '/v1/status', silenceMs: SILENCE_MS });
    const status = v.parse(
      statusSchema,
      JSON.parse((await readBody(response, address.name)).toString('utf8')),
    );
    return { ...shown, status };
  } catch {
    return shown;
  } finally {
    client.close();
  }
}
