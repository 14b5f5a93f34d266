import { listModels, type InstalledModel } from '../../models/model-store.js';
import { DEMO_MODEL } from '../../models/demo-model.js';
import { HttpError } from '../http-error.js';
import type { App, ServeContext } from '../serve-context.js';

interface ModelObject {
  readonly id: string;
  readonly object: 'model';
  /** Seconds since 1970: when the model was converted. */
  readonly created: number;
  readonly owned_by: string;
}

/** OpenAI's list of models: those in the store. */
export function addModelRoutes(app: App, { store }: ServeContext): void {
  app.get('/v1/models', async (c) => c.json({ object: 'list', data: await listObjects(store) }));
  app.get('/v1/models/:id{.+}', async (c) => {
    const id = c.req.param('id');
    const found = (await listObjects(store)).find((model) => model.id === id);
    if (found !== undefined) return c.json(found);
    throw new HttpError(404, 'MODEL_MISSING', `There is no model '${id.slice(0, 100)}'.`, {
      hint: 'GET /v1/models lists those that there are.',
    });
  });
}

/** Each model by name and, if it is stored in several dtypes, also as NAME:DTYPE. */
async function listObjects(store: string): Promise<ModelObject[]> {
  const installed = await listModels(store);
  const names = [...new Set([DEMO_MODEL, ...installed.map(({ name }) => name)])];
  return names.flatMap((name) => {
    const forms = installed.filter((model) => model.name === name);
    const own = toObject(name, forms);
    return forms.length < 2
      ? [own]
      : [own, ...forms.map((form) => toObject(`${name}:${form.dtype}`, [form]))];
  });
}

function toObject(id: string, forms: readonly InstalledModel[]): ModelObject {
  const newest = Math.max(0, ...forms.map(({ modified }) => modified.getTime()));
  return { id, object: 'model', created: Math.floor(newest / 1000), owned_by: 'pali' };
}
