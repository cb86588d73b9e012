// What the ECS agent's configuration on this host says, as far as it concerns us. Pure, over the text of its file; a host
// may set the same elsewhere, so what is not found is not known to be unset.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html

/** The value of a setting in lines `NAME=value`, of which the last counts; null where there is none. */
export function settingIn(text: string | null, name: string): string | null {
  const values = (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1).replace(/^(["'])(.*)\1$/, '$2'));
  return values.at(-1) ?? null;
}

/** How the ECS agent reads a switch: https://pkg.go.dev/strconv#ParseBool */
const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

export function isSwitchedOn(text: string | null, name: string): boolean {
  return TRUE.has(settingIn(text, name) ?? '');
}

/** Of containers whose definition sets no stopTimeout, where ECS_CONTAINER_STOP_TIMEOUT says nothing. */
export const DEFAULT_STOP_TIMEOUT_MS = 30_000;
const LEAST_STOP_TIMEOUT_MS = 1_000;

export function defaultStopTimeoutMs(text: string | null): number {
  const setMs = durationMs(settingIn(text, 'ECS_CONTAINER_STOP_TIMEOUT') ?? '');
  return setMs === null ? DEFAULT_STOP_TIMEOUT_MS : Math.max(LEAST_STOP_TIMEOUT_MS, setMs);
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const PART = /(\d+(?:\.\d+)?)(h|ms|m|s)/g;

/** `90s`, `1m30s`; null for anything else. https://pkg.go.dev/time#ParseDuration */
function durationMs(text: string): number | null {
  const parts = [...text.matchAll(PART)];
  if (text === '' || parts.map(([part]) => part).join('') !== text) return null;
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
}
