// Who hears the story while it is played. Where and how it is printed is not the story's business.

export type StoryEvent =
  /** How the story differs from real AWS, and what plays in it. */
  | { readonly kind: 'opening'; readonly lines: readonly string[] }
  | { readonly kind: 'act'; readonly number: number; readonly title: string }
  /** Something happened, told when it did. */
  | { readonly kind: 'note'; readonly text: string }
  /** What the story waits for now; null when it waits no more. */
  | { readonly kind: 'waiting'; readonly text: string | null };

export interface Narrator {
  /** @param elapsedMs since the story began */
  tell(event: StoryEvent, elapsedMs: number): void;
}
