// `npm run soak -- --seeds N`: bundles soak/main.ts and runs it, as `npm run bench` does with its own.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = at(`../node_modules/.cache/spotkeeper-soak-${process.pid}`);
await build({
  entryPoints: { soak: at('./main.ts') },
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'warning',
});
try {
  await import(`${folder}/soak.mjs`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
