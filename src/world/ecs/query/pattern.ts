// Patterns of `=~` are Java regular expressions that must match the whole value. Those that JavaScript reads differently
// are refused, so that no pattern quietly means something else here.

/** Java's own classes, anchors and possessive forms, and intersections of classes. */
const JAVA_ONLY = /\\[pPAZzGhHRXQE]|\(\?>|[*+?}]\+|\[[^\]]*&&/;

/** null for what is no regular expression, or one only Java has. */
export function patternOf(text: string): RegExp | null {
  const [, flags = '', source = text] = /^\(\?([is]+)\)(.*)$/s.exec(text) ?? [];
  if (JAVA_ONLY.test(source)) return null;
  try {
    return new RegExp(`^(?:${source})$`, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
