// Remembers what is made of a text: the planner asks for the same few texts at every pass.

/** The same function, which makes the same result of the same text only once. */
export function remembered<Made extends object>(make: (text: string) => Made): (text: string) => Made {
  const memo = new Map<string, Made>();
  return (text) => {
    const known = memo.get(text);
    if (known !== undefined) return known;
    // A cluster has at most 5,000 services; a memo past that holds texts of services that are gone.
    if (memo.size >= MEMO_SIZE) memo.clear();
    const fresh = make(text);
    memo.set(text, fresh);
    return fresh;
  };
}

const MEMO_SIZE = 10_000;
