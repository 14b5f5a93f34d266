// Ctrl-C goes to every process of the terminal, but what it stops is up to the parent.
process.on('SIGINT', () => undefined);
