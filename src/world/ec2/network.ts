// The one VPC of the world: a subnet per Availability Zone and an address per instance. No routes, no security groups.
import type { Rng } from '../../ports/rng.ts';
import { newSubnetId } from './ids.ts';

/** That one VPC. */
export const VPC_ID = 'vpc-0a1b2c3d4e5f60718';

interface Subnet {
  readonly id: string;
  /** Its place in the VPC: 10.0.(16 n).0/20. */
  readonly index: number;
  readonly taken: Set<string>;
}

/** AWS keeps the first four addresses and the last one of every subnet. */
const FIRST_HOST = 4;
const LAST_HOST = 16 * 256 - 2;

export class Network {
  readonly #rng: Rng;
  readonly #subnets = new Map<string, Subnet>();

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** The id of the zone's subnet, made when the zone is first named. */
  subnetOf(zone: string): string {
    return this.#subnet(zone).id;
  }

  /** A private address nobody holds; throws a RangeError when the subnet is full. */
  takeAddress(zone: string): string {
    const subnet = this.#subnet(zone);
    const hosts = LAST_HOST - FIRST_HOST + 1;
    const from = Math.floor(this.#rng.next() * hosts);
    for (let tried = 0; tried < hosts; tried += 1) {
      const address = addressOf(subnet.index, FIRST_HOST + ((from + tried) % hosts));
      if (subnet.taken.has(address)) continue;
      subnet.taken.add(address);
      return address;
    }
    throw new RangeError(`no free address in ${subnet.id} (${zone})`);
  }

  giveBack(zone: string, address: string): void {
    this.#subnet(zone).taken.delete(address);
  }

  #subnet(zone: string): Subnet {
    const known = this.#subnets.get(zone);
    if (known !== undefined) return known;
    const made = { id: newSubnetId(this.#rng), index: this.#subnets.size, taken: new Set<string>() };
    this.#subnets.set(zone, made);
    return made;
  }
}

function addressOf(subnetIndex: number, host: number): string {
  return `10.0.${subnetIndex * 16 + Math.floor(host / 256)}.${host % 256}`;
}
