import { describe, expect, it } from 'vitest';
import { emptyFields, fieldsOf, requestOf } from './channel-fields.ts';

const empty = emptyFields(null);

describe('fields of a channel', () => {
  it('make a request when what is needed is there', () => {
    const url = 'https://cloud.example.org/dav/';
    expect(requestOf('webdav', { ...empty, url, user: 'amal', password: 'p' }, null)).toEqual({
      kind: 'webdav',
      url,
      user: 'amal',
      password: 'p',
    });
    expect(requestOf('hub', { ...empty, url }, null)).toEqual({ kind: 'hub', url, token: '' });
  });

  it('make none of an address that is none, of a missing bucket, or without a folder', () => {
    expect(requestOf('webdav', { ...empty, url: 'cloud.example.org' }, null)).toBeNull();
    const s3 = { ...empty, endpoint: 'https://s3.example.org', accessKey: 'a', secretKey: 's' };
    expect(requestOf('s3', s3, null)).toBeNull();
    expect(requestOf('s3', { ...s3, bucket: 'circle' }, null)?.kind).toBe('s3');
    expect(requestOf('folder', empty, null)).toBeNull();
  });

  it('hide what is secret and keep the address of a channel that is replaced', () => {
    const secrets = (['webdav', 's3', 'hub'] as const).flatMap((kind) => fieldsOf(kind).filter((each) => each.secret));
    expect(secrets.map(({ name }) => name)).toEqual(['password', 'secretKey']);
    expect(emptyFields({ kind: 'webdav', place: 'https://a.example/' }).url).toBe('https://a.example/');
    expect(emptyFields({ kind: 'folder', place: '/mnt/stick' }).url).toBe('');
  });
});
