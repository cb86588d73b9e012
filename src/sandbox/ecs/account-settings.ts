// Account settings, as far as one changes anything here: ENI trunking, for instances that register afterwards.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutAccountSetting.html
import type { ApiAction, ApiRequest } from '../api.ts';
import { flag, invalid, requiredText, text } from './input.ts';

const NAME = 'awsvpcTrunking';
const ON_OFF = { enabled: true, on: true, disabled: false, off: false } as const;

/** Also PutAccountSettingDefault: there is one principal here, the account itself. */
export const putAccountSetting: ApiAction = (request) => {
  const { world, input } = request;
  if (requiredText(input, 'name') !== NAME) throw invalid(`The sandbox has no account setting but ${NAME}.`);
  const value = Object.entries(ON_OFF).find(([word]) => word === text(input, 'value'));
  if (value === undefined) throw invalid(`The value of ${NAME} is enabled or disabled.`);
  world.ecs.account.awsvpcTrunking = value[1];
  return { setting: settingJson(request) };
};

/** The setting is listed when it was put, or with `effectiveSettings`. */
export const listAccountSettings: ApiAction = (request) => {
  const { world, input } = request;
  const name = text(input, 'name') ?? NAME;
  const isListed = name === NAME && (world.ecs.account.awsvpcTrunking || flag(input, 'effectiveSettings'));
  return { settings: isListed ? [settingJson(request)] : [] };
};

function settingJson({ world }: ApiRequest): object {
  return {
    name: NAME,
    value: world.ecs.account.awsvpcTrunking ? 'enabled' : 'disabled',
    principalArn: `arn:aws:iam::${world.settings.accountId}:root`,
    type: 'user',
  };
}
