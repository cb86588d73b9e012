// Reads one HTTP/1.x answer from the bytes of a connection, in whatever pieces they come: what the servers on an instance
// send, and no more (no trailers, no compression, no upgrades). Anything else is broken, never guessed at.
// https://www.rfc-editor.org/rfc/rfc9112
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** The connection may carry another request. */
  readonly isReusable: boolean;
}

/** The bytes are no answer that we can read. */
export class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer';
}

// What Node's own client bounds the headers to.
const LARGEST_HEAD_BYTES = 16 * 1024;
const HEAD_END = '\r\n\r\n';
const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: [^\r\n]*)?\r\n/;

interface Head {
  readonly status: number;
  /** `length`: of so many bytes. `chunks`: each with its size before it. `close`: to the end of the connection. */
  readonly body: 'length' | 'chunks' | 'close';
  readonly length: number;
  readonly isReusable: boolean;
}

export class AnswerReader {
  readonly #largestBodyBytes: number;
  readonly #body: Buffer[] = [];
  #bodyBytes = 0;
  #head: Head | null = null;
  /** What has come and is not understood yet. */
  #rest: Buffer = Buffer.alloc(0);
  #hasBegun = false;

  constructor(largestBodyBytes: number) {
    this.#largestBodyBytes = largestBodyBytes;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** The answer when it is whole; null while more must come. @throws BrokenAnswer */
  push(piece: Buffer): HttpAnswer | null {
    this.#hasBegun = true;
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    this.#head ??= this.#readHead();
    if (this.#head === null) return null;
    return this.#readBody(this.#head) ? this.#whole(this.#head) : null;
  }

  /** The connection has ended: the answer where that is its end too; null where it was cut off. */
  end(): HttpAnswer | null {
    return this.#head?.body === 'close' ? this.#whole(this.#head) : null;
  }

  #readHead(): Head | null {
    for (;;) {
      const end = this.#rest.indexOf(HEAD_END);
      if (end > LARGEST_HEAD_BYTES || (end < 0 && this.#rest.length > LARGEST_HEAD_BYTES)) {
        throw new BrokenAnswer(`the headers are larger than ${LARGEST_HEAD_BYTES} bytes`);
      }
      if (end < 0) return null;
      const head = parseHead(this.#rest.toString('latin1', 0, end + 2));
      this.#rest = this.#rest.subarray(end + HEAD_END.length);
      // An interim answer comes before the one that was asked for.
      if (head.status >= 200) return head;
    }
  }

  /** Takes from what has come all that belongs to the body; whether that is the whole of it. */
  #readBody(head: Head): boolean {
    if (head.body === 'chunks') return this.#readChunks();
    const left = head.length - this.#bodyBytes;
    if (head.body === 'length' && head.length > this.#largestBodyBytes) throw this.#tooLarge();
    this.#take(Math.min(left, this.#rest.length));
    return this.#bodyBytes === head.length;
  }

  #readChunks(): boolean {
    for (;;) {
      const lineEnd = this.#rest.indexOf('\r\n');
      const line = this.#rest.toString('latin1', 0, lineEnd < 0 ? this.#rest.length : lineEnd);
      if (line.length > LARGEST_HEAD_BYTES) throw new BrokenAnswer('a chunk without a size');
      if (lineEnd < 0) return false;
      const size = Number.parseInt(/^([0-9a-f]{1,8})[ \t]*(?:;|$)/i.exec(line)?.[1] ?? '', 16);
      if (Number.isNaN(size)) throw new BrokenAnswer('a chunk without a size');
      if (this.#bodyBytes + size > this.#largestBodyBytes) throw this.#tooLarge();
      const end = lineEnd + 2 + size;
      if (this.#rest.length < end + 2) return false;
      if (this.#rest.toString('latin1', end, end + 2) !== '\r\n') throw new BrokenAnswer('a chunk of another size');
      this.#rest = this.#rest.subarray(lineEnd + 2);
      this.#take(size);
      this.#rest = this.#rest.subarray(2);
      if (size === 0) return true;
    }
  }

  #take(bytes: number): void {
    this.#bodyBytes += bytes;
    if (this.#bodyBytes > this.#largestBodyBytes) throw this.#tooLarge();
    if (bytes > 0) this.#body.push(this.#rest.subarray(0, bytes));
    this.#rest = this.#rest.subarray(bytes);
  }

  #tooLarge(): BrokenAnswer {
    return new BrokenAnswer(`the answer is larger than ${this.#largestBodyBytes} bytes`);
  }

  #whole({ status, isReusable }: Head): HttpAnswer {
    const [first] = this.#body;
    const bytes = this.#body.length === 1 && first !== undefined ? first : Buffer.concat(this.#body);
    // Bytes that nobody asked for would be taken for the next answer.
    return { status, text: bytes.toString(), isReusable: isReusable && this.#rest.length === 0 };
  }
}

/** @param text the status line and the headers, each with its line end */
function parseHead(text: string): Head {
  const [, minor, code] = STATUS_LINE.exec(text) ?? [];
  if (code === undefined) throw new BrokenAnswer('the answer is not HTTP');
  const status = Number(code);
  const lower = text.toLowerCase();
  const connection = header(lower, 'connection') ?? '';
  const mayStay = minor === '1' ? !connection.includes('close') : connection.includes('keep-alive');
  if (status === 204 || status === 304 || status < 200)
    return { status, body: 'length', length: 0, isReusable: mayStay };
  const encoding = header(lower, 'transfer-encoding');
  if (encoding === 'chunked') return { status, body: 'chunks', length: 0, isReusable: mayStay };
  if (encoding !== null) throw new BrokenAnswer('the answer is encoded in a way we did not ask for');
  const length = header(lower, 'content-length');
  if (length === null) return { status, body: 'close', length: Number.POSITIVE_INFINITY, isReusable: false };
  if (!/^\d{1,15}$/.test(length)) throw new BrokenAnswer('the answer has a length that is no number');
  return { status, body: 'length', length: Number(length), isReusable: mayStay };
}

/** The first of that name, in lower case; null when there is none. */
function header(head: string, name: string): string | null {
  const at = head.indexOf(`\r\n${name}:`);
  if (at < 0) return null;
  const from = at + name.length + 3;
  return head.slice(from, head.indexOf('\r\n', from)).trim();
}
