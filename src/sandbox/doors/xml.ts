// Writes plain data as the XML of AWS's query protocols. Only writing: no request to the sandbox is XML.

/** How a list is written: EC2 wraps each entry in `item`, the other query services in `member`. */
export type ListEntry = 'item' | 'member';

/** `<name>..</name>` for each field; null and undefined are left out, lists are wrapped, dates are ISO 8601. */
export function xmlFields(fields: object, listEntry: ListEntry): string {
  return Object.entries(fields)
    .map(([name, value]) => element(name, value, listEntry))
    .join('');
}

function element(name: string, value: unknown, listEntry: ListEntry): string {
  if (value === null || value === undefined) return '';
  const inner = content(value, listEntry);
  return inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>`;
}

function content(value: unknown, listEntry: ListEntry): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((entry) => element(listEntry, entry, listEntry)).join('');
  if (typeof value === 'object' && value !== null) return xmlFields(value, listEntry);
  return escapeXml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text safe inside an element. Control characters, most of which XML cannot hold at all, become spaces. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char).replace(/[^\P{Cc}\t\n\r]/gu, ' ');
}
