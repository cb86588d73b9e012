// How many tasks of each shape arrive during a lead time. (contract; to be completed)
export interface Arrivals {
  readonly todo: null;
}
export const NO_ARRIVALS: Arrivals = { todo: null };
