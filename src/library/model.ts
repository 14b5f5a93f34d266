import type { Device, Dtype } from '../base/dtype.js';
import type { TaskName } from '../base/task-name.js';
import type { EventObject } from '../render/formats/event-stream.js';
import type { ResultObject } from '../render/formats/result-object.js';
import type {
  AnswerOptions,
  AskOptions,
  CaptionOptions,
  LanguageOptions,
  CommonOptions,
  ObjectOptions,
  VideoOptions,
} from './task-options.js';

/** A path, an address of http or https, or the bytes of a picture file. */
export type Picture = string | URL | Uint8Array;

/** A path, an address (http, https, rtsp, rtsps), or a camera as docs/video.md names them. */
export type VideoPlace = string | URL;

/** What runs. */
export interface ModelInfo {
  readonly name: string;
  readonly dtype: Dtype;
  readonly device: Device;
  /** Side of the square that the model sees, pixels. */
  readonly imageSize: number;
  /** Which device was chosen and why others were not, or which server answers; sentences. */
  readonly notes: readonly string[];
}

type Answered = 'model' | 'image' | 'text' | 'raw' | 'truncated' | 'timings';

/** The result of a prompt that was answered: docs/result.schema.json without `error`. */
export type TextResult = Omit<ResultObject, Answered | 'error'> & Required<Pick<ResultObject, Answered>>;

/** The same with the objects found, none or more, in the order of the answer. */
export type ObjectsResult = TextResult & Required<Pick<ResultObject, 'detections'>>;

/** What each task is asked with, after its name; also the arguments of the method of that name. */
export interface TaskArguments {
  readonly caption: [picture: Picture, options?: CaptionOptions];
  readonly describe: [picture: Picture, options?: LanguageOptions];
  readonly ocr: [picture: Picture, options?: CommonOptions];
  readonly answer: [question: string, picture: Picture, options?: AnswerOptions];
  readonly question: [answer: string, picture: Picture, options?: AnswerOptions];
  readonly detect: [things: string, picture: Picture, options?: ObjectOptions];
  readonly segment: [things: string, picture: Picture, options?: ObjectOptions];
  readonly ask: [prompt: string, pictures: Picture | readonly Picture[], options?: AskOptions];
}

/** The same about a video. */
export interface VideoArguments {
  readonly caption: [video: VideoPlace, options?: CaptionOptions & VideoOptions];
  readonly describe: [video: VideoPlace, options?: LanguageOptions & VideoOptions];
  readonly ocr: [video: VideoPlace, options?: CommonOptions & VideoOptions];
  readonly answer: [question: string, video: VideoPlace, options?: AnswerOptions & VideoOptions];
  readonly question: [answer: string, video: VideoPlace, options?: AnswerOptions & VideoOptions];
  readonly detect: [things: string, video: VideoPlace, options?: ObjectOptions & VideoOptions];
  readonly segment: [things: string, video: VideoPlace, options?: ObjectOptions & VideoOptions];
  readonly ask: [prompt: string, video: VideoPlace, options?: AskOptions & VideoOptions];
}

/**
 * A model that is loaded. Any number of calls may be made at the same time: prompts that wait are decoded together.
 * Every method throws UsageError for an argument or option that cannot be, InputError or NetworkError for a picture
 * that cannot be read, CancelledError once its signal is aborted or the model closed, and EngineError when the model
 * fails; the next call then starts it again.
 */
export interface Model extends AsyncDisposable {
  readonly info: ModelInfo;
  /** A sentence about the picture, or about a region of it. */
  caption(...call: TaskArguments['caption']): Promise<TextResult>;
  /** The picture at length. */
  describe(...call: TaskArguments['describe']): Promise<TextResult>;
  /** The text in the picture, in the order in which it is read. */
  ocr(...call: TaskArguments['ocr']): Promise<TextResult>;
  /** The answer to a question. */
  answer(...call: TaskArguments['answer']): Promise<TextResult>;
  /** A question that has this answer. */
  question(...call: TaskArguments['question']): Promise<TextResult>;
  /** Boxes of things: one, or several separated by semicolons. */
  detect(...call: TaskArguments['detect']): Promise<ObjectsResult>;
  /** Boxes and masks of things. */
  segment(...call: TaskArguments['segment']): Promise<ObjectsResult>;
  /** Any prompt, sent as it is, about one or several pictures. */
  ask(...call: TaskArguments['ask']): Promise<TextResult>;
  /**
   * The same task, told while it is answered: the events that --stream writes, the last one `done`. What fails is
   * thrown. Leaving the loop cancels.
   */
  stream<Name extends TaskName>(
    task: Name,
    ...call: TaskArguments[Name]
  ): AsyncGenerator<EventObject, void, undefined>;
  /**
   * A task on a video: a result for each frame looked at, in order, one with `error` where a frame fails. Leaving the
   * loop cancels. @throws {ToolMissingError} ffmpeg is not installed.
   */
  video<Name extends TaskName>(
    task: Name,
    ...call: VideoArguments[Name]
  ): AsyncGenerator<ResultObject, void, undefined>;
  /** End the model's process; calls under way fail with a CancelledError. Until then it keeps Node running. */
  close(): Promise<void>;
}
