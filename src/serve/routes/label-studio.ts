import * as v from 'valibot';
import { describeError } from '../../base/errors.js';
import { isPictureUrl } from '../../net/is-http-url.js';
import { fetchPicture } from '../../tasks/inputs/fetch-picture.js';
import type { PictureSource } from '../../tasks/inputs/task-input.js';
import { captionTask } from '../../tasks/prompts/caption.js';
import { detectTask } from '../../tasks/prompts/detect.js';
import { segmentTask } from '../../tasks/prompts/segment.js';
import type { Task } from '../../tasks/prompts/task.js';
import { answerQuestion, type Question } from '../answer-question.js';
import { badRequest } from '../http-error.js';
import { readLabelConfig, type LabelControl } from '../label-config.js';
import { checkFields, readJson } from '../read-json.js';
import { readPicture } from '../read-picture.js';
import type { App, RequestFacts, ServeContext } from '../serve-context.js';
import { withPlace } from '../with-place.js';
import { toRegions } from './label-studio-regions.js';

const setupSchema = v.looseObject({
  project: v.optional(v.string(), ''),
  schema: v.string(),
  hostname: v.optional(v.string()),
});
const predictSchema = v.looseObject({
  tasks: v.pipe(
    v.array(v.looseObject({ data: v.record(v.string(), v.unknown()) })),
    v.minLength(1),
    v.maxLength(1000),
  ),
  project: v.optional(v.union([v.string(), v.number()]), ''),
  label_config: v.optional(v.string()),
});

/** How many projects' configurations are kept. */
const MAX_PROJECTS = 100;

/** What a project sent when it was connected. */
interface Project {
  readonly config: string;
  readonly hostname: string | undefined;
}

interface Prediction {
  readonly model_version: string;
  readonly score: number;
  readonly result: readonly Record<string, unknown>[];
  readonly error?: string;
}

/** Label Studio's ML backend: boxes, masks and captions for its tasks, using the labels of its project. */
export function addLabelStudio(app: App, server: ServeContext): void {
  const projects = new Map<string, Project>();
  const modelVersion = `pali-${server.version}-${server.defaultModel}`;

  app.post('/setup', async (c) => {
    const { project, schema, hostname } = checkFields(setupSchema, await readJson(c));
    findControls(schema);
    projects.delete(project);
    projects.set(project, { config: schema, hostname });
    for (const oldest of projects.keys()) if (projects.size > MAX_PROJECTS) projects.delete(oldest);
    return c.json({ model_version: modelVersion });
  });

  app.post('/predict', (c) =>
    withPlace(c, server, async (onEnd) => {
      const { tasks, project, label_config: config } = checkFields(predictSchema, await readJson(c));
      const known = projects.get(String(project));
      const controls = findControls(config ?? known?.config ?? '');
      const results: Prediction[] = [];
      for (const { data } of tasks) {
        const prediction = await predict(server, c.get('facts'), controls, data, known, c.req.raw.signal);
        results.push({ model_version: modelVersion, ...prediction });
      }
      onEnd();
      return c.json({ results });
    }),
  );
}

/** @throws {HttpError} there is none that pali can fill. */
function findControls(config: string): LabelControl[] {
  const controls = readLabelConfig(config);
  if (controls.length > 0) return controls;
  throw badRequest(
    'The labeling configuration has no RectangleLabels, BrushLabels or TextArea for an Image.',
    'label_config',
  );
}

/** Answer one task. A failure is reported in the answer for this task alone. */
async function predict(
  server: ServeContext,
  facts: RequestFacts,
  controls: readonly LabelControl[],
  data: Readonly<Record<string, unknown>>,
  project: Project | undefined,
  signal: AbortSignal,
): Promise<Omit<Prediction, 'model_version'>> {
  const result: Record<string, unknown>[] = [];
  const scores: number[] = [];
  try {
    for (const control of controls) {
      const picture = findPicture(data[control.dataField], control.dataField, server, project);
      const question: Question = {
        task: toTask(control),
        inputs: [{ name: control.dataField, pictures: [picture] }],
        model: {},
        sampling: { temperature: 0, topP: 1, seed: 0 },
      };
      const { outputs } = await answerQuestion(server, facts, question, signal);
      const [{ result: answer, thrown }] = outputs;
      if (thrown instanceof Error) throw thrown;
      result.push(...toRegions(answer, control));
      scores.push(...(answer.detections ?? []).map(({ score }) => score));
    }
  } catch (error) {
    signal.throwIfAborted();
    facts.error = describeError(error).message;
    return { result: [], score: 0, error: facts.error };
  }
  const score = scores.length === 0 ? 0 : scores.reduce((sum, one) => sum + one, 0) / scores.length;
  return { result, score };
}

function toTask({ kind, things }: LabelControl): Task {
  const list = [...things.keys()].join(' ; ');
  if (kind === 'textarea') return captionTask({});
  return kind === 'brushlabels' ? segmentTask(list) : detectTask(list);
}

/** A data URI, an address, or a path on Label Studio itself. @throws {HttpError} it is none of these. */
function findPicture(
  value: unknown,
  field: string,
  { allowsPrivateUrls, labelStudio }: ServeContext,
  project: Project | undefined,
): PictureSource {
  if (typeof value !== 'string') throw badRequest(`The task has no picture in data.${field}.`, field);
  const base = labelStudio?.url.href ?? project?.hostname;
  const address =
    value.startsWith('/') && base !== undefined && URL.canParse(value, base)
      ? new URL(value, base).href
      : value;
  const isOwn =
    labelStudio !== undefined && isPictureUrl(address) && new URL(address).origin === labelStudio.url.origin;
  if (!isOwn) return readPicture(address, field, allowsPrivateUrls);
  const authorization = labelStudio.token === undefined ? undefined : `Token ${labelStudio.token}`;
  return (signal) => fetchPicture(address, { allowsPrivate: true, authorization, signal });
}
