// `npm run bench`: bundles bench/main.ts beside the command and runs it. The bench is TypeScript and Node 20 runs none.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

const outfile = new URL('../dist/bench.mjs', import.meta.url).pathname;
await build({
  entryPoints: [new URL('./main.ts', import.meta.url).pathname],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['dynalite'],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'warning',
});
try {
  await import(outfile);
} finally {
  rmSync(outfile, { force: true });
}
