// What an instance was launched with, and what its fleet would launch now: by these one can tell which instances are behind.

export interface Launch {
  /** null when nobody says. */
  readonly imageId: string | null;
  /** null without a launch template, or when nobody says. */
  readonly template: TemplateVersion | null;
}

export interface TemplateVersion {
  readonly id: string;
  readonly version: number;
}

export const UNKNOWN_LAUNCH: Launch = { imageId: null, template: null };

/** How a fleet request says that a type is launched: with an image by itself, or with a version of a launch template. */
export interface LaunchSpec {
  readonly instanceType: string;
  readonly imageId: string | null;
  readonly template: TemplateName | null;
}

/** A version of a launch template as a request names it. */
export interface TemplateName {
  /** `lt-0123456789abcdef0`, or the template's own name. */
  readonly idOrName: string;
  /** `7`; or `$Latest` or `$Default`, which mean another one from time to time. */
  readonly version: string;
}

/** What the fleet launches a type with from now on. */
export interface TypeLaunch extends Launch {
  readonly instanceType: string;
}

/** Two that say something of the same thing, and not the same. What only one of them says proves nothing. */
export function differs(a: Launch, b: Launch): boolean {
  if (a.imageId !== null && b.imageId !== null && a.imageId !== b.imageId) return true;
  if (a.template === null || b.template === null) return false;
  return a.template.id !== b.template.id || a.template.version !== b.template.version;
}
