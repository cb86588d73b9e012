import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda } from '../../src/world/agenda.ts';

describe('the agenda', () => {
  it('runs steps by their instants, and equal instants in the order of planning', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 })), (instants) => {
        const agenda = new Agenda(0);
        const ran: [number, number][] = [];
        for (const [index, at] of instants.entries()) agenda.at(at, () => ran.push([agenda.now, index]));
        agenda.advanceTo(100);
        const expected = instants.map((at, index): [number, number] => [at, index]);
        expect(ran).toEqual(expected.sort(([a, i], [b, j]) => a - b || i - j));
      }),
    );
  });

  it('leaves out what is cancelled, and does not name it as the next', () => {
    const agenda = new Agenda(0);
    const ran: string[] = [];
    const cancel = agenda.at(1, () => ran.push('cancelled'));
    agenda.at(2, () => ran.push('kept'));
    cancel();
    expect(agenda.nextAt).toBe(2);
    agenda.advanceTo(5);
    expect(ran).toEqual(['kept']);
    expect(agenda.nextAt).toBeNull();
  });

  it('runs what a step plans for the same instant, and what lies in the past at once', () => {
    const agenda = new Agenda(10);
    const ran: number[] = [];
    agenda.after(0, () => agenda.at(3, () => ran.push(agenda.now)));
    agenda.advanceTo(10);
    expect(ran).toEqual([10]);
  });

  it('does not go back in time', () => {
    const agenda = new Agenda(10);
    agenda.advanceTo(5);
    expect(agenda.now).toBe(10);
  });

  it('repeats a step for as long as it is advanced', () => {
    const agenda = new Agenda(0);
    const ran: number[] = [];
    agenda.every(10, () => ran.push(agenda.now));
    agenda.advanceTo(35);
    expect(ran).toEqual([10, 20, 30]);
  });
});
