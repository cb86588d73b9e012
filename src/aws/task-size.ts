// How much of an instance a task reserves: cpu, memory and GPUs of its definition, by the scheduler's rules.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size
import type { TaskDefinition as AwsTaskDefinition, ContainerDefinition } from '@aws-sdk/client-ecs';
import type { Resources } from '../model/resources.ts';
import type { Failure } from '../ports/failure.ts';

/** Makes the failure that says what of a definition cannot be read. */
export type Wrong = (what: string) => Failure;

/** A size of the task itself wins over those of its containers, as in the ECS agent's own accounts. */
export function readTaskSize(definition: AwsTaskDefinition, wrong: Wrong): Resources & { readonly gpus: number } {
  const { cpu, memory, containerDefinitions = [] } = definition;
  const sum = (of: (container: ContainerDefinition, wrong: Wrong) => number) =>
    containerDefinitions.reduce((total, container) => total + of(container, inContainer(container, wrong)), 0);
  return {
    cpuUnits: taskLevel(cpu, 'cpu', wrong) ?? sum(cpuOf),
    memoryMiB: taskLevel(memory, 'memory', wrong) ?? sum(memoryOf),
    gpus: sum(gpusOf),
  };
}

const LARGE_UNIT = { cpu: /^vcpu$/i, memory: /^gb$/i } as const;

/**
 * `1024`, `1 vCPU`, `2 GB`: the number of units, or 1024 times the number before the larger unit. Described definitions
 * have plain numbers; the other forms are what may be registered. null when the task has no size of its own, or 0, which
 * ECS takes for none.
 */
function taskLevel(text: string | undefined, what: keyof typeof LARGE_UNIT, wrong: Wrong): number | null {
  if (text === undefined || text.trim() === '') return null;
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const isKnown = number !== '' && (unit === '' || LARGE_UNIT[what].test(unit));
  const size = Number(number) * (unit === '' ? 1 : 1024);
  if (!isKnown || !Number.isSafeInteger(size)) throw wrong(`its ${what} is "${text}"`);
  return size === 0 ? null : size;
}

function cpuOf({ cpu }: ContainerDefinition, wrong: Wrong): number {
  return wholeOf(cpu, 'cpu', wrong);
}

/**
 * The reservation, or the limit without one. Shared memory and `tmpfs` mounts are held in memory beside that, and ECS
 * reserves them on top (https://github.com/aws/amazon-ecs-agent/blob/master/proposals/shmsize-tmpfs.md). A memory size of
 * the task itself is the bound of all of it, and then they are not added.
 */
function memoryOf({ memory, memoryReservation, linuxParameters }: ContainerDefinition, wrong: Wrong): number {
  const limit = wholeOf(memory, 'memory', wrong);
  const reservation = wholeOf(memoryReservation, 'memoryReservation', wrong);
  const shared = wholeOf(linuxParameters?.sharedMemorySize, 'sharedMemorySize', wrong);
  const mounts = (linuxParameters?.tmpfs ?? []).map(({ size }) => wholeOf(size, 'tmpfs size', wrong));
  return mounts.reduce((total, size) => total + size, (reservation > 0 ? reservation : limit) + shared);
}

function gpusOf({ resourceRequirements = [] }: ContainerDefinition, wrong: Wrong): number {
  const gpus = resourceRequirements.filter(({ type }) => type === 'GPU');
  return gpus.reduce((total, { value = '' }) => {
    if (!/^\d{1,4}$/.test(value)) throw wrong(`"${value}" is no whole number of GPUs`);
    return total + Number(value);
  }, 0);
}

function wholeOf(value: number | undefined, what: string, wrong: Wrong): number {
  if (value === undefined) return 0;
  if (!Number.isSafeInteger(value) || value < 0) throw wrong(`its ${what} is ${value}`);
  return value;
}

function inContainer({ name = '' }: ContainerDefinition, wrong: Wrong): Wrong {
  return (what) => wrong(`container ${name}: ${what}`);
}
