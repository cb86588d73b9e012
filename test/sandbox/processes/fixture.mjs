// A child for the supervisor's tests: says what it was given, then does what its last argument says.
const [, , ...args] = process.argv;
const doing = args.at(-1);

process.stdout.write(`args ${args.join(' ')}\n`);
process.stderr.write(`environment ${Object.keys(process.env).sort().join(',')}\n`);

if (doing === 'exit-2') process.exit(2);
if (doing === 'exit-1') process.exit(1);
if (doing === 'stubborn') process.on('SIGTERM', () => process.stdout.write('not yet\n'));
if (doing === 'polite') {
  process.on('SIGTERM', () => {
    process.stdout.write('goodbye\n');
    process.exit(0);
  });
}
process.stdout.write('ready\n');
setInterval(() => {}, 1_000);
