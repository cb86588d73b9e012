// Patterns of `=~` are Java regular expressions that must match the whole value. Those that JavaScript reads differently
// are refused, so that no pattern quietly means something else here.

/**
 * Escaped letters, of which JavaScript makes the letter itself; atomic groups, possessive quantifiers; classes that begin
 * with a bracket, or that Java unites or intersects.
 */
const JAVA_ONLY =
  /\\(?![dDwWsSbBtnrf1-9]|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4})|\(\?>|[*+?}]\+|\[\^?\]|\[(?:\\.|[^\]\\])*?(?:\[|&&)/;

/** null for what is no regular expression, or one only Java has. */
export function patternOf(text: string): RegExp | null {
  const [, flags = '', source = text] = /^\(\?([is]+)\)(.*)$/s.exec(text) ?? [];
  // Escaped signs mean themselves to both.
  if (JAVA_ONLY.test(source.replace(/\\\W/g, '_'))) return null;
  try {
    return new RegExp(`^(?:${source})$`, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** An escape, a class (a bracket right at its start does not end it), or any other character. */
const CHARACTER = String.raw`\\\S|\[\^?(?:\]|(?!\]))(?:\\\S|[^\]\\\s])*\]|[^\s()[\\"']`;
/** Groups in groups, as deep as anybody writes without quotes. */
const GROUP = [1, 2, 3, 4].reduce(
  (inner) => String.raw`\((?:${CHARACTER}|${inner})*\)`,
  String.raw`\((?:${CHARACTER})*\)`,
);

/** Sticky. A pattern without quotes: up to a space, a join, or a parenthesis that is not its own. */
export const BARE_PATTERN = new RegExp(String.raw`(?:(?!&&|\|\|)(?:${CHARACTER})|${GROUP})+`, 'y');
