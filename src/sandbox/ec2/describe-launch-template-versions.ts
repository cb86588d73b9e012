// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html
import { type ApiAction, ApiError } from '../api.ts';
import { requiredText, texts } from './input.ts';

/** The versions of a template that are named; names and ranges of versions are not modelled. */
export const describeLaunchTemplateVersions: ApiAction = ({ world, input }) => {
  const id = requiredText(input, 'LaunchTemplateId');
  const versions = texts(input, 'LaunchTemplateVersion');
  if (versions.length === 0) {
    throw new ApiError(
      'UnsupportedOperation',
      'The sandbox describes launch template versions only by LaunchTemplateVersion.',
    );
  }
  return {
    launchTemplateVersionSet: versions.map((named) => {
      const { version, imageId } = world.ec2.launchTemplates.find(id, named);
      return {
        launchTemplateId: id,
        versionNumber: version,
        defaultVersion: version === 1,
        launchTemplateData: { imageId },
      };
    }),
    nextToken: null,
  };
};
