import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecordingPlace } from '../../src/config/recording.ts';
import { CONTROLLER, filesWith, messageOf } from './files.ts';

const read = (text: string, env = {}) =>
  readRecordingPlace({ flags: {}, env, file: filesWith({ 'controller.yaml': text })('controller.yaml') }).directory;

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
    expect(readRecordingPlace({ flags: {}, env, file: null })).toEqual({ directory: '/there', file: null });
  });

  it('is relative to the file it is written in, or to the working directory', () => {
    const file = filesWith({ 'controller.yaml': 'recording: { directory: passes }\n' })('controller.yaml');
    expect(readRecordingPlace({ flags: {}, env: {}, file }).directory).toBe(join(dirname(file), 'passes'));
    const env = { SPOTKEEPER_RECORDING_DIRECTORY: 'elsewhere' };
    expect(readRecordingPlace({ flags: {}, env, file }).directory).toBe('elsewhere');
  });

  it('is not guessed where it is wrong itself', () => {
    expect(messageOf(() => read('recording: { directory: 7 }\n'))).toContain('recording.directory');
  });
});
