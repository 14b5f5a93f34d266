/**
 * Imported before Ink, which otherwise draws nothing where the variable CI is set, as in shells of build machines
 * and some containers. The session only starts on a terminal, so there is somebody to see it.
 */
process.env['CI'] = 'false';
process.env['CONTINUOUS_INTEGRATION'] = 'false';
