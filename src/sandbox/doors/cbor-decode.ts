// Reads CBOR (RFC 8949) as AWS's clients write it: integers, byte and text strings, arrays, maps, floats, and the tag for
// instants. Whatever else it meets is an error of the sender's.
import { ApiError } from '../api.ts';

/** Deeper than any AWS request; a bound on what a malformed one can cost. */
const MAX_DEPTH = 64;

const EPOCH_SECONDS_TAG = 1;
const BREAK = Symbol('break');

/** The one value in the bytes. Throws `ApiError` SerializationException for anything else. */
export function decodeCbor(bytes: Buffer): unknown {
  const reader = new CborReader(bytes);
  try {
    const value = reader.value(0);
    if (value === BREAK || !reader.isAtEnd) throw malformed('it does not hold exactly one value');
    return value;
  } catch (error) {
    // Reading past the end of a buffer is a RangeError of Node's.
    if (error instanceof RangeError) throw malformed('it ends too early');
    throw error;
  }
}

class CborReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw malformed('it is nested too deeply');
    const head = this.#byte();
    const [major, info] = [head >> 5, head & 0x1f];
    switch (major) {
      case 0:
        return this.#argument(info);
      case 1:
        return -1 - this.#argument(info);
      case 2:
        return this.#string(info, depth, (parts) => Buffer.concat(parts));
      case 3:
        return this.#string(info, depth, (parts) => Buffer.concat(parts).toString('utf8'));
      case 4:
        return this.#items(info, depth, 1);
      case 5:
        return this.#map(info, depth);
      case 6:
        return this.#tagged(this.#argument(info), depth);
      default:
        return this.#simple(info);
    }
  }

  #byte(): number {
    const byte = this.#bytes.readUInt8(this.#at);
    this.#at += 1;
    return byte;
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw malformed('it ends too early');
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  /** Numbers beyond 2^53 lose their last digits, which no field of ours has. */
  #argument(info: number): number {
    if (info < 24) return info;
    if (info === 24) return this.#byte();
    if (info === 25) return this.#take(2).readUInt16BE();
    if (info === 26) return this.#take(4).readUInt32BE();
    if (info === 27) return Number(this.#take(8).readBigUInt64BE());
    throw malformed('it has a length that is none');
  }

  #string<Text>(info: number, depth: number, join: (parts: Buffer[]) => Text): Text {
    if (info !== 31) return join([this.#take(this.#argument(info))]);
    const parts = this.#untilBreak(depth).map((part) => Buffer.from(part as string | Buffer)); // chunks are strings
    return join(parts);
  }

  #items(info: number, depth: number, perItem: 1 | 2): unknown[] {
    if (info === 31) return this.#untilBreak(depth);
    const items: unknown[] = [];
    for (let left = this.#argument(info) * perItem; left > 0; left -= 1) items.push(this.value(depth + 1));
    return items;
  }

  #map(info: number, depth: number): Record<string, unknown> {
    const items = this.#items(info, depth, 2);
    const entries: [string, unknown][] = [];
    for (let at = 0; at + 1 < items.length; at += 2) {
      const key = items[at];
      if (typeof key !== 'string') throw malformed('it has a field name that is no text');
      entries.push([key, items[at + 1]]);
    }
    return Object.fromEntries(entries);
  }

  #untilBreak(depth: number): unknown[] {
    const items: unknown[] = [];
    for (let item = this.value(depth + 1); item !== BREAK; item = this.value(depth + 1)) items.push(item);
    return items;
  }

  #tagged(tag: number, depth: number): unknown {
    const value = this.value(depth + 1);
    return tag === EPOCH_SECONDS_TAG && typeof value === 'number' ? new Date(value * 1000) : value;
  }

  #simple(info: number): unknown {
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
        return null;
      case 23:
        return undefined;
      case 25:
        return halfFloat(this.#take(2).readUInt16BE());
      case 26:
        return this.#take(4).readFloatBE();
      case 27:
        return this.#take(8).readDoubleBE();
      case 31:
        return BREAK;
      default:
        throw malformed(`it has the simple value ${info}`);
    }
  }
}

/** RFC 8949, appendix D. */
function halfFloat(half: number): number {
  const [exponent, mantissa] = [(half >> 10) & 0x1f, half & 0x3ff];
  const sign = (half & 0x8000) === 0 ? 1 : -1;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (mantissa + 1024) * 2 ** (exponent - 25);
}

function malformed(why: string): ApiError {
  return new ApiError('SerializationException', `the request is not CBOR: ${why}`);
}
