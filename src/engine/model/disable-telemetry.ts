/**
 * Imported before onnxruntime, which reads this when its library starts. From version 1.29 on its official builds
 * for Linux and macOS otherwise write a device id and an event store into the user's cache folder and report
 * sessions, models and errors to Microsoft. What people ask about their pictures is their own business.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
