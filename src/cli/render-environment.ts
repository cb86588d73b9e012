// How to reach a kept sandbox: lines for a shell, and what to try with them.

export interface KeptSandbox {
  /** What another process needs to be a caller of the sandbox. */
  readonly environment: Readonly<Record<string, string>>;
  readonly controlUrl: string;
  /** How the command is called from where it was called. */
  readonly command: string;
}

/** Lines to paste into a shell, and examples; ended by a line end. */
export function renderEnvironment({ environment, controlUrl, command }: KeptSandbox): string {
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`);
  return `
The sandbox stays until Ctrl-C. To reach it from another shell:

# A profile would be asked before these keys.
unset AWS_PROFILE
${exports.join('\n')}

Then for example:
  ${command} status
  ${command} plan
  aws ecs list-container-instances --cluster story

Its control API sets load, sends notices and injects faults:
  curl ${controlUrl}/state
  curl -X POST ${controlUrl}/services/web -d '{"desiredCount": 20}'
  curl -X POST ${controlUrl}/faults -d '{"service": "ecs", "action": "*", "kind": "throttle", "count": 20}'
`;
}
