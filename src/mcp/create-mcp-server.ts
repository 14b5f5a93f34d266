import { McpServer, type CallToolResult, type ServerContext } from '@modelcontextprotocol/server';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { CancelledError } from '../base/errors.js';
import { packageVersion } from '../base/package-folder.js';
import { decodePictures } from '../tasks/inputs/decode-pictures.js';
import { encodePreview } from '../render/drawing/encode-preview.js';
import type { MaskFolder } from './mask-folder.js';
import { readToolPicture, type PictureRules } from './read-tool-picture.js';
import { watchProgress } from './watch-progress.js';
import { makeToolTask, type AskModel } from './tool-question.js';
import { describeSize, toErrorResult, toObjectsResult, toPreview, toTextResult } from './tool-result.js';
import {
  inputSchemas,
  objectsSchema,
  textSchema,
  toolNames,
  type ToolArguments,
  type ToolName,
} from './tool-schemas.js';
import { tools } from './tools.js';

/** What the tools work with. */
export interface McpParts {
  readonly ask: AskModel;
  readonly pictures: PictureRules;
  /** Where masks are written; absent where a client could not read them. */
  readonly masks: MaskFolder | undefined;
}

/** Of the pictures that `look` gives. */
const PREVIEW = { maxSide: 1024, maxBytes: 200_000 };

/** A server of the Model Context Protocol with pali's tools, for one connection or one request. */
export function createMcpServer(parts: McpParts): McpServer {
  const server = new McpServer(
    { name: 'pali', title: 'pali', version: packageVersion() },
    {
      instructions:
        'Looks at pictures with PaliGemma on this machine: captions, answers, text, boxes, masks. Each call is about one picture and knows nothing of earlier ones.',
    },
  );
  for (const name of toolNames) {
    const { title, description, gives } = tools[name];
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: toStandardJsonSchema(inputSchemas[name]),
        ...(gives === 'text' && { outputSchema: toStandardJsonSchema(textSchema) }),
        ...(gives === 'objects' && { outputSchema: toStandardJsonSchema(objectsSchema) }),
        annotations: { title, readOnlyHint: true, idempotentHint: true, openWorldHint: true },
      },
      (call: ToolArguments, context: ServerContext) => runTool(name, call, context, parts),
    );
  }
  return server;
}

async function runTool(
  name: ToolName,
  call: ToolArguments,
  context: ServerContext,
  parts: McpParts,
): Promise<CallToolResult> {
  const { signal } = context.mcpReq;
  const progress = watchProgress(context);
  try {
    const input = await readToolPicture(call.image, parts.pictures);
    const task = makeToolTask(name, call);
    if (task === undefined) {
      const [{ image }] = await decodePictures(input, signal);
      return toPreview(await encodePreview(image, [], PREVIEW), describeSize(image));
    }
    const { result, image, thrown } = await parts.ask({
      task,
      input,
      minScore: call.min_score,
      keepsImages: name === 'look',
      onToken: progress.countToken,
      signal,
    });
    if (result.error !== undefined) return toErrorResult(thrown);
    if (tools[name].gives === 'text') return toTextResult(result);
    const objects = toObjectsResult(result);
    if (image !== undefined) {
      const drawn = await encodePreview(image, result.detections ?? [], PREVIEW);
      return toPreview(drawn, objects.content);
    }
    if (name !== 'segment') return objects;
    const links = (await parts.masks?.write(result)) ?? [];
    return { ...objects, content: [...objects.content, ...links] };
  } catch (error) {
    if (error instanceof CancelledError || signal.aborted) throw error;
    return toErrorResult(error);
  } finally {
    await progress.end();
  }
}
