// What the process environment is told rather than asked.

/**
 * The AWS SDK prints a notice on Node versions it will stop supporting. Which Node we support is ours to say
 * (package.json, `engines`), so exactly that notice is turned off, by the SDK's own switch; other warnings stay. Call it
 * before the first client is made. A value the operator set is left alone.
 */
export function quietSdkNodeNotice(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}
