import { askServers, type ServerReport } from '../../models/servers/ask-servers.js';
import { formatSeconds } from '../../render/format-time.js';
import { formatSize } from './format-size.js';

/** The servers of this user, and a table of them: a row for each model, or one for a server without any. */
export async function describeServers(): Promise<{ rows: string[][]; servers: ServerReport[] }> {
  const servers = await askServers();
  const rows = servers.flatMap((server) => {
    const { pid, url = '-', version, status } = server;
    const head = [String(pid), url, version];
    if (status === undefined) return [[...head, 'does not answer', '', '', '', '']];
    if (status.models.length === 0) return [[...head, '-', '', '', '', '']];
    return status.models.map(({ name, dtype, sizeBytes, device = 'loading', requests, expiresAt }) => [
      ...head,
      `${name} ${dtype}`,
      formatSize(sizeBytes),
      device,
      String(requests),
      describeExpiry(expiresAt, requests),
    ]);
  });
  return {
    rows: [['PID', 'ADDRESS', 'VERSION', 'MODEL', 'SIZE', 'DEVICE', 'REQUESTS', 'LEAVES'], ...rows],
    servers,
  };
}

function describeExpiry(expiresAt: string | undefined, requests: number): string {
  if (requests > 0) return 'in use';
  if (expiresAt === undefined) return 'never';
  return `in ${formatSeconds(Math.max(0, (Date.parse(expiresAt) - Date.now()) / 1000))}`;
}
