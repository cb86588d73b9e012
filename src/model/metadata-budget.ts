// What asking the instance metadata service (IMDS) costs, and how much of it one process may take. EC2 lets an instance
// send 1,024 packets a second to all link-local services together (IMDS, the VPC's DNS resolver, time); past that packets
// are dropped, other people's too. https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html#vpc-dns-limits

/** One hundredth of what the instance has. */
export const PACKETS_PER_SECOND = 1_024 / 100;

// Both ways, without data that needs more than one packet. Kept: question, answer, and an acknowledgement of each. New:
// beside these the handshake (3) and the end of the connection (3).
const PACKETS_OF_A_REQUEST = { onKeptConnection: 4, onNewConnection: 10 };

/** How many packets a second a reading at each of these periods makes, all together. */
export function packetsPerSecond(periodsMs: readonly number[], keepsConnections: boolean): number {
  const { onKeptConnection, onNewConnection } = PACKETS_OF_A_REQUEST;
  const requestsPerSecond = periodsMs.reduce((sum, periodMs) => sum + 1_000 / periodMs, 0);
  return requestsPerSecond * (keepsConnections ? onKeptConnection : onNewConnection);
}
