// Launch templates: numbered versions of what an instance is launched with, of which this world knows the image alone.
import { Refusal } from '../refusal.ts';

export interface TemplateVersion {
  readonly id: string;
  readonly version: number;
  readonly imageId: string;
}

export class LaunchTemplates {
  /** The image of each version, version 1 first. */
  readonly #images = new Map<string, string[]>();

  /** Makes the template when there is none of this id, else a version more. Returns the new version. */
  addVersion(id: string, imageId: string): TemplateVersion {
    const images = this.#images.get(id) ?? [];
    this.#images.set(id, images);
    const version = images.push(imageId);
    return { id, version, imageId };
  }

  /**
   * @param version its number, `$Latest` or `$Default`; the default is the first, because nothing here moves it
   * @throws Refusal InvalidLaunchTemplateId.NotFound, InvalidLaunchTemplateId.VersionNotFound
   */
  find(id: string, version: string): TemplateVersion {
    const images = this.#images.get(id);
    if (images === undefined) {
      throw new Refusal(
        'InvalidLaunchTemplateId.NotFound',
        `The specified launch template, with template ID ${id}, does not exist.`,
      );
    }
    const number = version === '$Latest' ? images.length : version === '$Default' ? 1 : Number(version);
    const imageId = images[number - 1];
    if (imageId !== undefined) return { id, version: number, imageId };
    throw new Refusal(
      'InvalidLaunchTemplateId.VersionNotFound',
      `Could not find the specified version ${version} for the launch template with ID ${id}.`,
    );
  }
}
