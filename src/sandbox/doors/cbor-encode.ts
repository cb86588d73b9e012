// Writes plain data as CBOR (RFC 8949). Undefined fields are left out, instants are tagged epoch seconds.

/** The bytes of one value. Throws TypeError for what is not plain data. */
export function encodeCbor(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.from([0xf6]);
  if (value instanceof Date) return Buffer.concat([Buffer.from([0xc1]), double(value.getTime() / 1000)]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)]);
  switch (typeof value) {
    case 'boolean':
      return Buffer.from([value ? 0xf5 : 0xf4]);
    case 'string':
      return textString(value);
    case 'number':
      return number(value);
    case 'object':
      return map(value);
    default:
      throw new TypeError(`a ${typeof value} has no CBOR form`);
  }
}

function number(value: number): Buffer {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return double(value);
  return value >= 0 ? head(0, value) : head(1, -1 - value);
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xfb;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function textString(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([head(3, bytes.length), bytes]);
}

function map(value: object): Buffer {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Buffer.concat([
    head(5, entries.length),
    ...entries.flatMap(([name, field]) => [textString(name), encodeCbor(field)]),
  ]);
}

/** A major type and its argument in the shortest form. */
function head(major: number, argument: number): Buffer {
  const type = major << 5;
  if (argument < 24) return Buffer.from([type | argument]);
  if (argument < 0x100) return Buffer.from([type | 24, argument]);
  if (argument < 0x1_0000) return Buffer.from([type | 25, argument >> 8, argument & 0xff]);
  const bytes = Buffer.alloc(9);
  bytes[0] = type | 27;
  bytes.writeBigUInt64BE(BigInt(argument), 1);
  return bytes;
}
