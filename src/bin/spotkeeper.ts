#!/usr/bin/env node
// The first step of every command. `spotkeeper agent` is for good on every instance, so for it nothing is loaded but this
// and the agent's own file; every other command is told apart, with its help, in command.ts.
const [name, ...args] = process.argv.slice(2);

if (name === 'agent') {
  const { runAgentProgram } = await import('./agent-main.ts');
  await runAgentProgram(args);
} else {
  await import('./command.ts');
}

// Makes this a module for the compiler: it has neither a static import nor anything to export.
export {};
