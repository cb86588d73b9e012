// How to reach a kept sandbox: lines for a shell, and what to try with them.

/** Lines to paste into a shell, and examples; ended by a line end. */
export function renderEnvironment(environment: Readonly<Record<string, string>>, controlUrl: string): string {
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`);
  return `
The sandbox stays until Ctrl-C. To reach it from another shell:

# A profile would be asked before these keys.
unset AWS_PROFILE
${exports.join('\n')}

Then for example:
  spotkeeper status
  spotkeeper plan
  aws ecs list-container-instances --cluster story

Its control API sends notices, sets load and injects faults:
  curl ${controlUrl}/state
  curl -X POST ${controlUrl}/services/web -d '{"desiredCount": 20}'
  curl -X POST ${controlUrl}/faults -d '{"service": "ecs", "action": "*", "kind": "throttle", "count": 20}'
`;
}
