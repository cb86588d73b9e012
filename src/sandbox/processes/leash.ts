// Ties a child's life to ours. The children are the production programs, unaware of any sandbox, so the tie is put on
// from outside: a pipe that only we hold the other end of, watched by a line of code loaded before the program. When
// the sandbox dies, even by SIGKILL, the system closes our end, and the child sees it and is gone at once. It does not
// end gracefully: the AWS it would say goodbye to died with us.

/** The file descriptor of the pipe in the child. */
export const LEASH_FD = 3;

// On one line, because it shows in every list of processes.
const WATCH =
  `import{Socket}from'node:net';new(Socket)({fd:${LEASH_FD}}).on('error',()=>{})` +
  `.on('close',()=>process.kill(process.pid,'SIGKILL')).resume().unref()`;

/** Arguments for Node that put the watch before the program. */
export const LEASH_ARGS: readonly string[] = ['--import', `data:text/javascript,${WATCH}`];
