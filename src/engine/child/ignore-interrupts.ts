// Ctrl-C goes to every process of the terminal: what it ends is the parent's decision.
process.on('SIGINT', () => undefined);
