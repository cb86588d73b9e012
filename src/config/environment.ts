// The only reader of the process environment: once, as values that are handed on. What the process environment is told
// rather than asked is here too.

/** Environment variables by name. An empty value counts as not set, as systemd units and CI files write it. */
export interface Environment {
  readonly [name: string]: string | undefined;
}

/** How systemd wants to hear from this process; both null when nobody asked. */
export interface SystemdRequest {
  readonly notifySocket: string | null;
  readonly watchdogUsec: number | null;
}

/** A copy of the environment as it is now. */
export function processEnvironment(): Environment {
  return { ...process.env };
}

/** The value of the first of these variables that is set and not empty, with the name it was found under. */
export function firstSet(env: Environment, names: readonly string[]): { name: string; text: string } | null {
  for (const name of names) {
    const text = env[name];
    if (text !== undefined && text !== '') return { name, text };
  }
  return null;
}

/** NOTIFY_SOCKET and WATCHDOG_USEC as sd_notify(3) and sd_watchdog_enabled(3) define them. */
export function systemdRequest(env: Environment, processId: number = process.pid): SystemdRequest {
  const usec = Number(env.WATCHDOG_USEC ?? '');
  // A watchdog meant for another process, our parent for one, is none for us.
  const isOurs = (env.WATCHDOG_PID ?? '') === '' || env.WATCHDOG_PID === String(processId);
  return {
    notifySocket: firstSet(env, ['NOTIFY_SOCKET'])?.text ?? null,
    watchdogUsec: isOurs && Number.isSafeInteger(usec) && usec > 0 ? usec : null,
  };
}

/** Whether output for people may be coloured: https://no-color.org */
export function wantsColor(env: Environment, isTerminal: boolean): boolean {
  return isTerminal && firstSet(env, ['NO_COLOR']) === null && env.TERM !== 'dumb';
}

/**
 * The AWS SDK prints a notice on Node versions it will stop supporting. Which Node we support is ours to say
 * (package.json, `engines`), so exactly that notice is turned off, by the SDK's own switch; other warnings stay. Call it
 * before the first client is made. A value the operator set is left alone.
 */
export function quietSdkNodeNotice(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}

/**
 * The AWS SDK falls back to IMDSv1 for credentials where IMDSv2 does not answer, which is what IMDSv2 is there to prevent.
 * By its own switch, as above, it does not; the unit says so too, but the agent may run without it.
 */
export function refuseImdsV1(): void {
  process.env.AWS_EC2_METADATA_V1_DISABLED = 'true';
}
