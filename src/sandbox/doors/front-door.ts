// The one port of the pretend AWS: tells services apart, knows callers and what they may do, injects faults, keeps the
// log, and hands each request to its action with the world brought to the present. It knows no action by name.
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '../../ports/clock.ts';
import { Refusal } from '../../world/refusal.ts';
import type { World } from '../../world/world.ts';
import { type ApiAction, ApiError, type ApiInput, type Caller } from '../api.ts';
import type { RealTimeDriver } from '../driver.ts';
import { refusingEverything } from '../ecs/refusing-everything.ts';
import { type FaultEffect, type Faults, isLostBefore, throttleError } from '../faults.ts';
import { permit } from '../iam/permit.ts';
import { type RequestLog, recordedInput } from '../request-log.ts';
import { bucketOf, type ThrottleBuckets } from '../throttle-buckets.ts';
import { authorize, type Gate } from './authorize.ts';
import { readBody, unpacked } from './body.ts';
import { deliver } from './deliver.ts';
import { type Identified, identify, type ServiceName } from './identify.ts';
import type { Answer } from './protocol.ts';

export type ActionTable = Readonly<Record<string, ApiAction>>;

/** Hands a request to the real implementation behind a service that is not ours. */
export type Forward = (headers: IncomingHttpHeaders, body: Buffer) => Promise<Answer>;

export interface FrontDoorParts extends Gate {
  readonly world: World;
  readonly driver: RealTimeDriver;
  readonly clock: Clock;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly buckets: ThrottleBuckets;
  readonly actions: Readonly<Record<Exclude<ServiceName, 'dynamodb'>, ActionTable>>;
  readonly dynamodb: Forward;
}

/** What became of a request; `answer` is null when the connection is cut instead. */
interface Outcome {
  readonly answer: Answer | null;
  readonly status: number;
  readonly caller: Caller | null;
  readonly input: ApiInput;
  readonly effect: FaultEffect | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export function frontDoor(parts: FrontDoorParts): RequestListener {
  return (request, response) => {
    // A client that hangs up while it still sends has no answer to wait for, and nothing has been done for it.
    serve(parts, request, response).catch(() => response.destroy());
  };
}

async function serve(parts: FrontDoorParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const number = parts.log.arrive();
  const at = parts.driver.now;
  const requestId = requestIdOf(number);
  const sent = await readBody(request);
  const call = identify(request.url ?? '/', request.headers, sent);
  if (call === null) return deliver(request, response, notAService(request), null);
  const outcome = await perform(parts, call, request.headers, sent, requestId);
  parts.log.add({
    number,
    at,
    answeredAt: parts.driver.now,
    service: call.service,
    action: call.action,
    caller: outcome.caller,
    input: recordedInput(call.action, outcome.input),
    status: outcome.status,
    errorCode: outcome.error?.code ?? null,
    errorMessage: outcome.error?.message ?? null,
    fault: outcome.effect?.kind ?? null,
  });
  deliver(request, response, outcome.answer, outcome.effect);
}

async function perform(
  parts: FrontDoorParts,
  call: Identified,
  headers: IncomingHttpHeaders,
  sent: Buffer,
  requestId: string,
): Promise<Outcome> {
  let caller: Caller | null = null;
  let input: ApiInput = {};
  let effect: FaultEffect | null = null;
  try {
    caller = authorize(parts, headers.authorization, call.protocol.refusals);
    const body = unpacked(sent, headers['content-encoding']);
    input = call.protocol.decode(body);
    effect = parts.faults.strike({ service: call.service, action: call.action, callerName: caller.name });
    if (isLostBefore(effect)) {
      return { answer: null, status: 0, caller, input, effect, error: null };
    }
    await suffer(parts.clock, call.service, effect);
    drawToken(parts, call);
    const answer = await execute(parts, { call, caller, input, headers, body, requestId, effect });
    if (effect?.kind === 'latency' && effect.when === 'after') await parts.clock.sleep(effect.latencyMs);
    const isLost = effect?.kind === 'drop';
    return { answer: isLost ? null : answer, status: answer.status, caller, input, effect, error: errorIn(answer) };
  } catch (thrown) {
    const error = asApiError(thrown);
    const answer = call.protocol.failure(error, requestId);
    return {
      answer,
      status: answer.status,
      caller,
      input,
      effect,
      error: { code: error.code, message: error.message },
    };
  }
}

/** Waits or throws, as the fault wants it. */
async function suffer(clock: Clock, service: string, effect: FaultEffect | null): Promise<void> {
  if (effect?.kind === 'latency' && effect.when !== 'after') await clock.sleep(effect.latencyMs);
  if (effect?.kind === 'throttle') throw throttleError(service);
  if (effect?.kind === 'error') throw new ApiError(effect.code, effect.message, effect.status);
}

/** Throws when the service's own throttling lets the call not pass. */
function drawToken({ buckets, driver }: FrontDoorParts, { service, action }: Identified): void {
  const bucket = bucketOf(service, action);
  if (bucket !== null && !buckets.take(bucket, driver.now)) throw throttleError(service);
}

interface Execution {
  readonly call: Identified;
  readonly caller: Caller;
  readonly input: ApiInput;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly requestId: string;
  readonly effect: FaultEffect | null;
}

async function execute(parts: FrontDoorParts, execution: Execution): Promise<Answer> {
  const { call, caller, input, headers, body, requestId, effect } = execution;
  const { world } = parts;
  const action = call.service === 'dynamodb' ? null : actionOf(parts.actions[call.service], call);
  permit(world, call, parts.keyring.principalOf(caller), input);
  if (action === null) return parts.dynamodb(headers, body);
  const refused = effect?.kind === 'failures' ? refusingEverything(call.action, input, effect.reason) : null;
  const output = refused ?? parts.driver.inPresent(() => action({ world, input, caller }));
  return call.protocol.success(call.action, output, requestId);
}

function actionOf(table: ActionTable, { action: name, protocol }: Identified): ApiAction {
  const action = Object.hasOwn(table, name) ? table[name] : undefined;
  if (action === undefined) throw protocol.refusals.unknownAction(name);
  return action;
}

/** The error in an answer that was made elsewhere (DynamoDB); ours are thrown. */
function errorIn(answer: Answer): { code: string; message: string } | null {
  if (answer.status < 400) return null;
  const body = answer.body.toString();
  try {
    const { __type: type, message } = JSON.parse(body) as { __type?: string; message?: string };
    return { code: (type ?? 'Unknown').replace(/^.*#/, ''), message: message ?? '' };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Before it knows the operation, DynamoDB answers in something else than JSON.
    return { code: 'Unknown', message: body };
  }
}

function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  // What the world refuses carries AWS's own code already.
  return thrown instanceof Refusal ? new ApiError(thrown.code, thrown.message) : bug(thrown);
}

/** A defect of the sandbox itself, told to the caller and kept in the log whole. */
function bug(thrown: unknown): ApiError {
  const words = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new ApiError('InternalFailure', `a bug in the sandbox: ${words}`, 500);
}

function notAService(request: IncomingMessage): Answer {
  const message =
    'The sandbox plays ECS, EC2, Elastic Load Balancing, CloudWatch, DynamoDB and STS by their AWS wire protocols; ' +
    `this ${request.method} ${request.url} is for none of them.`;
  return { status: 404, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

/** Request ids carry the number of the request in the log, so that an SDK's error leads to its line. */
function requestIdOf(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}
