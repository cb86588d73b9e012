// A cluster on paper for the commands that work on single instances: it answers from what the test puts in, and remembers
// what was done to it, in order.
import { ATTRIBUTE } from '../../../src/model/attributes.ts';
import type { ContainerInstance } from '../../../src/model/container-instance.ts';
import type { ContainerInstanceArn } from '../../../src/model/ids.ts';
import type { Task } from '../../../src/model/service.ts';
import type { Cluster } from '../../../src/ports/cluster.ts';
import { Failure } from '../../../src/ports/failure.ts';

export interface PaperCluster {
  readonly cluster: Cluster;
  readonly done: string[];
  instance: ContainerInstance | null;
  /** What `tasksOn` answers, one after the other; the last for ever. */
  readonly answers: (readonly Task[] | Failure)[];
  /** Called after every write, with what was done: the world goes on meanwhile. */
  after(done: string): void;
}

export function paperCluster(instance: ContainerInstance): PaperCluster {
  const done: string[] = [];
  const unasked = () => Promise.reject(new Error('nobody should have asked for this'));
  const write = async (words: string, change: (before: ContainerInstance) => Partial<ContainerInstance>) => {
    done.push(words);
    if (paper.instance !== null) paper.instance = { ...paper.instance, ...change(paper.instance) };
    paper.after(words);
  };
  const cluster: Cluster = {
    verify: unasked,
    operatorWords: unasked,
    setTag: unasked,
    removeTag: unasked,
    listContainerInstances: unasked,
    describeContainerInstances: unasked,
    listServices: unasked,
    describeServices: unasked,
    listTasks: unasked,
    describeTasks: unasked,
    taskDefinition: unasked,
    startTask: unasked,
    stopTask: unasked,
    servicesNamed: async () => [],
    protectedTasks: async () => new Set(),
    containerInstance: async () => paper.instance,
    async tasksOn(_arn: ContainerInstanceArn) {
      const answer = paper.answers.length > 1 ? paper.answers.shift() : paper.answers[0];
      if (answer instanceof Failure) throw answer;
      return [...(answer ?? [])];
    },
    drain: () => write('drain', () => ({ status: 'DRAINING' })),
    reactivate: () => write('reactivate', () => ({ status: 'ACTIVE' })),
    setAttribute: (_arn, name, value) =>
      write(`set ${name}=${value}`, ({ attributes }) => ({ attributes: { ...attributes, [name]: value } })),
    removeAttribute: (_arn, name) =>
      write(`remove ${name}`, ({ attributes }) => ({
        attributes: Object.fromEntries(Object.entries(attributes).filter(([key]) => key !== name)),
      })),
  };
  const paper: PaperCluster = { cluster, done, instance, answers: [[]], after: () => {} };
  return paper;
}

/** The instance with an operator's mark. */
export function marked(instance: ContainerInstance, value: string): ContainerInstance {
  return { ...instance, attributes: { ...instance.attributes, [ATTRIBUTE.cordoned]: value } };
}
