// Node 24 brings Float16Array, into which onnxruntime-common then turns the 16-bit words of a float16 tensor, and
// which onnxruntime-node 1.30 takes for an array of no bytes ("expected 1024, got 0"). Without it the words are kept.
// Must be evaluated before onnxruntime is loaded, in the engine's process, where nothing else uses it.
Reflect.deleteProperty(globalThis, 'Float16Array');
