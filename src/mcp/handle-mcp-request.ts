import { createMcpHandler } from '@modelcontextprotocol/server';
import { createMcpServer, type McpParts } from './create-mcp-server.js';

/**
 * Answer one request of the protocol over HTTP, without sessions. Who may ask is checked before.
 * @param maxBodyBytes of the request.
 */
export function handleMcpRequest(request: Request, parts: McpParts, maxBodyBytes: number): Promise<Response> {
  const handler = createMcpHandler(() => createMcpServer(parts), { maxRequestBodySize: maxBodyBytes });
  return handler.fetch(request);
}
