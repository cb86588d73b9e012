// The metrics that were published, as series of statistic sets. It keeps a bounded number of points per series and does
// not know what any metric means.

export interface Dimension {
  readonly name: string;
  readonly value: string;
}

export interface SeriesId {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: readonly Dimension[];
}

export interface Point {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Three hours of one point a second, CloudWatch's own limit for such fine points. */
const KEPT_POINTS = 10_800;

export class MetricStore {
  readonly #series = new Map<string, { readonly id: SeriesId; points: Point[] }>();

  add(id: SeriesId, point: Point): void {
    const key = keyOf(id);
    const series = this.#series.get(key) ?? { id, points: [] };
    this.#series.set(key, series);
    series.points.push(point);
    if (series.points.length > KEPT_POINTS * 1.1) series.points = series.points.slice(-KEPT_POINTS);
  }

  /** The points of exactly this metric with exactly these dimensions; empty for one that was never published. */
  points(id: SeriesId): readonly Point[] {
    return this.#series.get(keyOf(id))?.points ?? [];
  }

  /** Every series that was published. */
  list(): readonly SeriesId[] {
    return [...this.#series.values()].map(({ id }) => id);
  }
}

/** The order of dimensions does not make a different metric. */
function keyOf(id: SeriesId): string {
  const dimensions = id.dimensions.map(({ name, value }) => [name, value]).sort();
  return JSON.stringify([id.namespace, id.metricName, dimensions]);
}
