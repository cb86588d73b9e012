// Instants as operators write them and read them: ISO 8601 with a zone.

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** ISO 8601 with a zone, in epoch milliseconds; null for anything else, and for days no month has. */
export function parseInstant(text: string): number | null {
  const [, day = ''] = INSTANT.exec(text) ?? [];
  // Date.parse takes 31 February for 3 March, so the day must come back as it went in.
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return null;
  return Date.parse(text);
}

/** `2026-11-21T13:00:00Z`, cut to the second. */
export function formatInstant(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
