/// <reference lib="esnext.disposable" preserve="true" />

// What `import ... from 'pali'` gives; docs/library.md describes it.
export { openModel } from './open-model.js';
export type { OpenModelOptions } from './open-model-options.js';
export type {
  Model,
  ModelInfo,
  ObjectsResult,
  Picture,
  TaskArguments,
  TextResult,
  VideoArguments,
  VideoPlace,
} from './model.js';
export type {
  AnswerOptions,
  AskOptions,
  CaptionOptions,
  CommonOptions,
  LanguageOptions,
  ObjectOptions,
  Region,
  VideoOptions,
} from './task-options.js';
export type {
  BoxObject,
  DetectionObject,
  ResultObject as Result,
  TokenObject,
} from '../render/formats/result-object.js';
export type { EventObject as ResultEvent } from '../render/formats/event-stream.js';
export { decodeMaskRle } from '../base/mask-rle.js';
export type { MaskRle } from '../base/mask-rle.js';
export type { BinaryMask } from '../base/detection.js';
export type { Box, Size } from '../base/geometry.js';
export type { Device, DeviceName, Dtype } from '../base/dtype.js';
export type { TaskName } from '../base/task-name.js';
export {
  CancelledError,
  DamagedFileError,
  EngineError,
  InputError,
  ModelError,
  NetworkError,
  PaliError,
  ToolMissingError,
  UsageError,
} from '../base/errors.js';
