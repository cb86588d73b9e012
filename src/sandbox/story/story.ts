// The story: its acts in order, then its figures and what they were expected to be. An act that waits in vain ends the
// acting, not the story: figures and verdict are given for what was played.
import { burst } from './acts/burst.ts';
import { calm } from './acts/calm.ts';
import { failOver } from './acts/fail-over.ts';
import { interruption } from './acts/interruption.ts';
import { largerTask } from './acts/larger-task.ts';
import { steadyState } from './acts/steady-state.ts';
import type { Expectation } from './expectation.ts';
import { expectationsOf } from './expectations.ts';
import { type Figures, figuresOf } from './figures/figures.ts';
import type { Stage } from './stage.ts';
import { NeverHappened } from './until.ts';

export interface StoryResult {
  readonly figures: Figures;
  readonly expectations: readonly Expectation[];
}

const ACTS: readonly { readonly title: string; readonly play: (stage: Stage) => Promise<Expectation[]> }[] = [
  { title: 'steady state', play: steadyState },
  { title: 'a service triples', play: burst },
  { title: 'a larger task appears', play: largerTask },
  { title: 'a busy instance is interrupted', play: interruption },
  { title: 'the leader is killed', play: failOver },
  { title: 'the load falls', play: calm },
];

/** Plays the story. Throws `Interrupted` when it was told to stop, and whatever breaks the sandbox itself. */
export async function playStory(stage: Stage): Promise<StoryResult> {
  const played = await playActs(stage);
  stage.marks.endedAt = stage.driver.now;
  const figures = figuresOf({
    events: [...stage.world.history.events],
    records: [...stage.sandbox.log.records],
    marks: stage.marks,
  });
  return { figures, expectations: [...played, ...expectationsOf(figures)].sort((a, b) => a.act - b.act) };
}

async function playActs(stage: Stage): Promise<Expectation[]> {
  const expectations: Expectation[] = [];
  for (const [index, { title, play }] of ACTS.entries()) {
    const act = index + 1;
    stage.marks.acts.push({ number: act, title, at: stage.driver.now });
    stage.tell({ kind: 'act', number: act, title });
    try {
      expectations.push(...(await play(stage)));
    } catch (error) {
      if (!(error instanceof NeverHappened)) throw error;
      stage.tell({ kind: 'note', text: error.message });
      return [...expectations, { act, name: 'the act is played to its end', held: false, detail: error.message }];
    }
  }
  return expectations;
}
