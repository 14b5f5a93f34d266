import { taskNames, type TaskName } from '../../base/task-name.js';
import { encodeOverlay } from '../../render/drawing/overlay.js';
import { endEventsOf, renderStreamEvent } from '../../render/formats/event-stream.js';
import { toResultObject } from '../../render/formats/result-object.js';
import type { TaskOutput } from '../../tasks/answers/task-output.js';
import { answerQuestion, type Answered, type Question } from '../answer-question.js';
import { badRequest, errorHeaders, statusOf, toErrorBody } from '../http-error.js';
import type { App, RequestFacts, ServeContext } from '../serve-context.js';
import { streamAnswer, type StreamParts } from '../stream-lines.js';
import { withPlace } from '../with-place.js';
import { readTaskBody } from './read-task-body.js';
import { readTaskOptions } from './task-request.js';

/** The command line's tasks; answers are as described in docs/result.schema.json. */
export function addTaskRoutes(app: App, server: ServeContext): void {
  for (const name of taskNames) addTask(app, server, name);
}

function addTask(app: App, server: ServeContext, name: TaskName): void {
  app.post(`/v1/tasks/${name}`, (c) =>
    withPlace(c, server, async (onEnd) => {
      const facts = c.get('facts');
      const { signal } = c.req.raw;
      const isStream = (c.req.header('accept') ?? '').includes('application/x-ndjson');
      const isOverlay = readOverlay(c.req.query('overlay'), isStream);
      const body = await readTaskBody(c, server.allowsPrivateUrls);
      // The pictures of one prompt; other tasks answer about each separately.
      const inputs =
        name === 'ask' && body.inputs.length > 1
          ? [{ name: 'images', pictures: body.inputs.flatMap(({ pictures }) => pictures) }]
          : body.inputs;
      const question = { ...readTaskOptions(name, body.options), inputs, keepsImages: isOverlay };
      if (isOverlay && (inputs.length > 1 || (question.answers ?? 1) > 1)) {
        throw badRequest('An overlay is of one answer about one picture.', 'overlay');
      }
      if (isStream) return streamTask(server, facts, question, { signal, onEnd });
      const answered = await answerQuestion(server, facts, question, signal);
      onEnd();
      const [{ image, result }] = answered.outputs;
      if (isOverlay && image !== undefined) {
        const png = Buffer.from(await encodeOverlay(image, result));
        return c.body(png, 200, { 'content-type': 'image/png' });
      }
      const objects = answered.outputs.map((output) => toResultObject(output.result));
      const failure = findFailure(answered);
      const status = failure === undefined ? 200 : statusOf(failure);
      const headers = failure === undefined ? {} : errorHeaders(failure);
      return c.json(objects.length === 1 ? objects[0] : objects, status, headers);
    }),
  );
}

function readOverlay(value: string | undefined, isStream: boolean): boolean {
  if (value === undefined) return false;
  if (value !== 'png') throw badRequest(`overlay cannot be '${value.slice(0, 60)}': it is png.`, 'overlay');
  if (isStream) throw badRequest('An overlay is not a stream of events.', 'overlay', 'Accept image/png.');
  return true;
}

/** The first error thrown, if nothing was answered. */
function findFailure({ outputs }: Answered): unknown {
  const failed = outputs.filter(({ result }) => result.error !== undefined);
  return failed.length === outputs.length ? failed[0].thrown : undefined;
}

/** One line of JSON for each event, as --stream writes them. */
function streamTask(
  server: ServeContext,
  facts: RequestFacts,
  question: Question,
  parts: Pick<StreamParts, 'signal' | 'onEnd'>,
): Promise<Response> {
  return streamAnswer({ ...parts, contentType: 'application/x-ndjson' }, async (sink, signal) => {
    let inputs = 0;
    let hasBegun = false;
    const onOutput = ({ result, answerNumber }: TaskOutput): void => {
      if (!answerNumber) inputs++;
      const place = { inputNumber: inputs - 1, ...(answerNumber !== undefined && { answerNumber }) };
      for (const event of endEventsOf(result, place)) void sink.write(renderStreamEvent(event));
    };
    try {
      await answerQuestion(server, facts, question, signal, {
        onOutput,
        onEvent: (event) => {
          hasBegun = true;
          void sink.write(renderStreamEvent(event));
        },
      });
    } catch (error) {
      if (!hasBegun) throw error;
      if (!signal.aborted) await sink.write(`${JSON.stringify({ event: 'error', ...toErrorBody(error) })}\n`);
    }
  });
}
