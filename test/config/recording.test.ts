import { describe, expect, it } from 'vitest';
import { readRecordingDirectory } from '../../src/config/recording.ts';
import { CONTROLLER, filesWith, messageOf } from './files.ts';

const read = (text: string, env = {}) =>
  readRecordingDirectory({ flags: {}, env, file: filesWith({ 'controller.yaml': text })('controller.yaml') });

describe('where the record is', () => {
  it('stands in the file of the controller, or nowhere', () => {
    expect(read(`${CONTROLLER}recording: { directory: /here }\n`)).toBe('/here');
    expect(read(CONTROLLER)).toBeNull();
  });

  it('can be read from a file in which something else is wrong', () => {
    expect(read('headrom: 1\nrecording: { directory: /here }\n')).toBe('/here');
  });

  it('needs no file', () => {
    const env = { SPOTKEEPER_RECORDING_DIRECTORY: '/there' };
    expect(readRecordingDirectory({ flags: {}, env, file: null })).toBe('/there');
  });

  it('is not guessed where it is wrong itself', () => {
    expect(messageOf(() => read('recording: { directory: 7 }\n'))).toContain('recording.directory');
  });
});
