import type { PageObject, ResultItem } from '../result-item.js';

/** A line of the server's answer, as --stream writes it. */
export type TaskEvent =
  | { readonly event: 'start'; readonly prompt: string }
  | { readonly event: 'token'; readonly text: string }
  | ({ readonly event: 'box'; readonly index: number } & EventPlace & PageObject)
  | ({ readonly event: 'mask'; readonly index: number } & EventPlace & Required<Pick<PageObject, 'mask'>>)
  | { readonly event: 'done'; readonly result: ResultItem }
  | { readonly event: 'error'; readonly error: { readonly message: string; readonly hint?: string } };

interface EventPlace {
  readonly promptNumber?: number;
  readonly tileNumber?: number;
}

/** The server refused, with its own sentence. */
export class Refusal extends Error {
  readonly needsKey: boolean;

  constructor(message: string, needsKey = false) {
    super(message);
    this.needsKey = needsKey;
  }
}

/** What is asked. */
export interface Question {
  readonly task: string;
  readonly picture: Blob;
  readonly pictureName: string;
  readonly options: Readonly<Record<string, string>>;
  /** Sent where the server wants one. */
  readonly key: string;
}

/** Ask, and give what comes as it comes. @throws {Refusal} the server refuses, or is not there. */
export async function* askServer(question: Question, signal: AbortSignal): AsyncGenerator<TaskEvent> {
  const { task, picture, pictureName, options, key } = question;
  const body = new FormData();
  for (const [name, value] of Object.entries(options)) body.append(name, value);
  body.append('image', picture, pictureName);
  const headers = { accept: 'application/x-ndjson', ...(key !== '' && { authorization: `Bearer ${key}` }) };
  const request = { method: 'POST', body, headers, signal };
  const response = await fetch(`/v1/tasks/${task}`, request).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new Refusal('The server does not answer. Is it still running? pali ps says so.');
  });
  if (!response.ok || response.body === null) throw await toRefusal(response);
  yield* readLines(response.body);
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<TaskEvent> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (line !== '') yield JSON.parse(line) as TaskEvent;
  }
}

async function toRefusal(response: Response): Promise<Refusal> {
  const fallback = { error: { message: `The server answered with status ${response.status}.` } };
  const body = (await response.json().catch(() => fallback)) as Partial<typeof fallback>;
  const { message } = body.error ?? fallback.error;
  return new Refusal(message, response.status === 401);
}
