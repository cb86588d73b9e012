// Which keys of the controller's files a running controller cannot take anew, and which of them say that a file is about
// something else altogether.

/** Whatever these begin; clients, lease and listeners are made of them at start. */
const FIXED: readonly string[] = [
  'cluster',
  'region',
  'lease.',
  'status.',
  'poke.',
  'recording.',
  'log.',
  'fleet.api',
  'fleet.id',
];

/** Bounds and promises are those of one fleet in one cluster, and may not be applied to another. */
const IDENTITY: readonly string[] = ['cluster', 'region', 'fleet.id'];

/** A change of it takes effect after a restart. The keys of the fleet's file begin with `fleet.` here. */
export function isFixed(key: string): boolean {
  return FIXED.some((fixed) => (fixed.endsWith('.') ? key.startsWith(fixed) : key === fixed));
}

/** Files in which it has changed are about another cluster or fleet. */
export function isIdentity(key: string): boolean {
  return IDENTITY.includes(key);
}

/** All of them, for the test that holds them against the tables of settings. */
export const FIXED_KEYS = FIXED;
