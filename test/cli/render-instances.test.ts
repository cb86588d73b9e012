import { describe, expect, it } from 'vitest';
import { renderInstances } from '../../src/cli/render-instances.ts';
import { aLine, aReport, aShape } from '../support/report-builder.ts';

const shapes = [aShape(), aShape({ shape: '1cpu/9MiB' }), aShape({ shape: '1cpu/1MiB', isLargest: false })];
const ledger = [
  aLine('i-1', { schedulable: [3, 0], obstacles: [null, 'memory'] }),
  aLine('i-2', { standing: 'noticed', zone: null, schedulable: [0, 0], obstacles: [null, null] }),
];

describe('the room of single instances', () => {
  it('is how many more of each largest task, or what is in the way', () => {
    expect(renderInstances(aReport({ shapes, ledger }), 100)).toBe(
      `instance  type       zone        standing  A         B
i-1       m6i.large  eu-west-1a  serving   3  0 memory
i-2       m6i.large  ?           noticed   -         -
  noticed: is told to leave: interrupted, ended or shut down
  memory: too little memory is left`,
    );
  });

  it('is a paragraph for each instance where there are more columns than the page has room for', () => {
    expect(renderInstances(aReport({ shapes, ledger }), 50)).toBe(
      `i-1  m6i.large  eu-west-1a  serving: A 3, B 0
    memory
i-2  m6i.large  ?  noticed
  noticed: is told to leave: interrupted, ended or
    shut down
  memory: too little memory is left`,
    );
  });

  it('is nothing without instances', () => {
    expect(renderInstances(aReport({ ledger: [] }), 100)).toBe('');
  });
});
