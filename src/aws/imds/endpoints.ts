// The addresses of IMDS: IPv4, and IPv6 where the instance has it turned on. The one that gave the last answer is asked,
// and any answer counts, errors included; while none answers they are tried in turn.
import { Failure } from '../../ports/failure.ts';
import {
  createLocalHttp,
  type LocalAnswer,
  type LocalHttp,
  type LocalHttpOptions,
  type LocalRequest,
} from '../local-http.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html */
export const IMDS_ENDPOINTS: readonly string[] = ['http://169.254.169.254', 'http://[fd00:ec2::254]'];

export type EndpointOptions = Omit<LocalHttpOptions, 'endpoint'>;

export class Endpoints implements LocalHttp {
  readonly #all: readonly LocalHttp[];
  #answering: LocalHttp | null = null;

  constructor(endpoints: readonly string[], options: EndpointOptions) {
    this.#all = endpoints.map((endpoint) => createLocalHttp({ ...options, endpoint }));
  }

  /** Failures as of one endpoint; when none answers, that of the one asked first. */
  async send(request: LocalRequest): Promise<LocalAnswer> {
    if (this.#answering !== null) return this.#ask(this.#answering, request);
    let first: unknown;
    for (const http of this.#all) {
      try {
        return await this.#ask(http, request);
      } catch (error) {
        first ??= error;
        if (isAnswered(error) || request.signal?.aborted) break;
      }
    }
    throw first;
  }

  keepsConnections(): boolean {
    const asked = this.#answering === null ? this.#all : [this.#answering];
    return asked.every((http) => http.keepsConnections());
  }

  async #ask(http: LocalHttp, request: LocalRequest): Promise<LocalAnswer> {
    try {
      const answer = await http.send(request);
      this.#answering = http;
      return answer;
    } catch (error) {
      // Whatever can answer nonsense is there; what gave none may be the wrong address by now.
      if (!isAnswered(error) && !request.signal?.aborted) this.#answering = null;
      throw error;
    }
  }
}

function isAnswered(error: unknown): boolean {
  return error instanceof Failure && error.code === 'refused';
}
