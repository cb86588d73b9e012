/** The version of the ECS agent the sandbox's instances claim to run. */
export const ECS_AGENT_VERSION = '1.105.1';
