// One container instance on paper: ECS as far as the agent's own calls go, which fails when it is told to.
import type { ContainerInstance, ContainerInstanceStatus } from '../../src/model/container-instance.ts';
import { containerInstanceArn, instanceId } from '../../src/model/ids.ts';
import type { Cluster } from '../../src/ports/cluster.ts';
import { Failure, type FailureCode } from '../../src/ports/failure.ts';

export const SELF = containerInstanceArn('arn:aws:ecs:us-east-1:123456789012:container-instance/production/self');

type Call = 'containerInstance' | 'drain' | 'reactivate' | 'setAttribute' | 'removeAttribute' | 'stopTask';

export interface PaperContainerInstance {
  status: ContainerInstanceStatus;
  readonly attributes: Map<string, string>;
  /** What was asked, in order, also in vain: `drain`, `setAttribute spotkeeper.notice=...`. */
  readonly asked: string[];
  /** The next calls of this kind fail with these codes. */
  fail(call: Call, ...codes: FailureCode[]): void;
  /** Calls of this kind wait for the promise first. */
  hold(call: Call, until: Promise<void>): void;
  readonly cluster: Cluster;
}

export function aPaperContainerInstance(status: ContainerInstanceStatus = 'ACTIVE'): PaperContainerInstance {
  const failures = new Map<Call, FailureCode[]>();
  const held = new Map<Call, Promise<void>>();
  const asked: string[] = [];
  const attributes = new Map<string, string>();
  const paper = {
    status,
    attributes,
    asked,
    fail: (call: Call, ...codes: FailureCode[]) => void failures.set(call, codes),
    hold: (call: Call, until: Promise<void>) => void held.set(call, until),
  };
  const answering = async <Result>(call: Call, words: string, answer: () => Result): Promise<Result> => {
    asked.push(words);
    await held.get(call);
    const code = failures.get(call)?.shift();
    if (code !== undefined) throw new Failure(code, `${call} on paper`);
    return answer();
  };
  const cluster: Partial<Cluster> = {
    containerInstance: () => answering('containerInstance', 'containerInstance', () => describe(paper)),
    drain: () =>
      answering('drain', 'drain', () => {
        paper.status = 'DRAINING';
      }),
    reactivate: () =>
      answering('reactivate', 'reactivate', () => {
        paper.status = 'ACTIVE';
      }),
    setAttribute: (_arn, name, value) =>
      answering('setAttribute', `setAttribute ${name}=${value}`, () => void attributes.set(name, value)),
    removeAttribute: (_arn, name) =>
      answering('removeAttribute', `removeAttribute ${name}`, () => void attributes.delete(name)),
    stopTask: (arn) => answering('stopTask', `stopTask ${arn}`, () => {}),
  };
  // The agent's own calls are all there; another one would be a surprise worth a crash.
  return Object.assign(paper, { cluster: cluster as Cluster });
}

function describe({ status, attributes }: { status: ContainerInstanceStatus; attributes: Map<string, string> }) {
  const resources = { cpuUnits: 2_048, memoryMiB: 7_800 };
  const seen: ContainerInstance = {
    arn: SELF,
    instanceId: instanceId('i-self'),
    status,
    agentConnected: true,
    capacityProvider: null,
    agentVersion: null,
    registered: resources,
    remaining: resources,
    gpus: 0,
    takenPorts: [],
    runningTaskCount: 0,
    pendingTaskCount: 0,
    registeredAt: 0,
    version: 1,
    seenAt: 0,
    attributes: Object.fromEntries(attributes),
  };
  return seen;
}
