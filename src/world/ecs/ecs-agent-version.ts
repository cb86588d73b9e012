/** The version of the ECS agent container instances of this world claim to run. */
export const ECS_AGENT_VERSION = '1.105.1';
