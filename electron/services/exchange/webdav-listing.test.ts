import { describe, expect, it } from 'vitest';
import { readMultistatus } from './webdav-listing.ts';

const read = (xml: string, url: string) => readMultistatus(new TextEncoder().encode(xml), url);
const head = 'abcdefghijklmnopqrstuvwxyz-1-abcdefghijklmnopqrstuvwxyz';

/** Answers in the forms that these servers give them, to PROPFIND of a folder with one object of twelve bytes in it. */
const answers: readonly { readonly server: string; readonly url: string; readonly xml: string }[] = [
  {
    server: 'Nextcloud, ownCloud: addresses without host, quoted collections, a second propstat for what is not there',
    url: 'https://cloud.example/remote.php/dav/files/amina/R%C3%A9gion%20AB/heads/',
    xml: `<?xml version="1.0"?>
<d:multistatus xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns" xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns"><d:response><d:href>/remote.php/dav/files/amina/R%c3%a9gion%20AB/heads/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/></d:resourcetype></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat><d:propstat><d:prop><d:getcontentlength/></d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response><d:response><d:href>/remote.php/dav/files/amina/R%c3%a9gion%20AB/heads/${head}</d:href><d:propstat><d:prop><d:resourcetype/><d:getcontentlength>12</d:getcontentlength></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>`,
  },
  {
    server: 'Apache: prefixes of its own for properties',
    url: 'http://127.0.0.1/circle/heads/',
    xml: `<?xml version="1.0" encoding="utf-8"?>
<D:multistatus xmlns:D="DAV:" xmlns:ns0="DAV:">
<D:response xmlns:lp1="DAV:" xmlns:lp2="http://apache.org/dav/props/"><D:href>/circle/heads/</D:href><D:propstat><D:prop><lp1:resourcetype><D:collection/></lp1:resourcetype></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>
<D:response xmlns:lp1="DAV:"><D:href>/circle/heads/${head}</D:href><D:propstat><D:prop><lp1:resourcetype/><lp1:getcontentlength>12</lp1:getcontentlength></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>
</D:multistatus>`,
  },
  {
    server: 'Seafile: no time for folders, collection without slash, default namespace',
    url: 'https://seafile.example/seafdav/circle/heads/',
    xml: `<?xml version='1.0' encoding='UTF-8'?>
<multistatus xmlns="DAV:"><response><href>/seafdav/circle/heads</href><propstat><prop><resourcetype><collection/></resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response><response><href>/seafdav/circle/heads/${head}</href><propstat><prop><resourcetype/><getcontentlength>12</getcontentlength></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>`,
  },
  {
    server: 'IIS: whole addresses, spaces around, statuses first',
    url: 'https://files.example/Circle/heads/',
    xml: `<?xml version="1.0" encoding="utf-8"?><D:multistatus xmlns:D="DAV:">
<D:response><D:href> https://files.example/Circle/heads/ </D:href><D:propstat><D:status>HTTP/1.1 200 OK</D:status><D:prop><D:resourcetype><D:collection/></D:resourcetype><D:getcontentlength>0</D:getcontentlength></D:prop></D:propstat></D:response>
<D:response><D:href> https://files.example/Circle/heads/${head} </D:href><D:propstat><D:status>HTTP/1.1 200 OK</D:status><D:prop><D:resourcetype/><D:getcontentlength>12</D:getcontentlength></D:prop></D:propstat></D:response></D:multistatus>`,
  },
  {
    server: 'Synology: behind a proxy under another path, hyphens encoded',
    url: 'https://nas.example/dav/circle/heads/',
    xml: `<?xml version="1.0" encoding="utf-8"?>
<D:multistatus xmlns:D="DAV:"><D:response><D:href>/volume1/dav/circle/heads/</D:href><D:propstat><D:prop><D:resourcetype><D:collection/></D:resourcetype></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response><D:response><D:href>/volume1/dav/circle/heads/${head.replaceAll('-', '%2D')}</D:href><D:propstat><D:prop><D:resourcetype></D:resourcetype><D:getcontentlength>12</D:getcontentlength></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>`,
  },
  {
    server: 'nginx: the folder itself last, no type for files',
    url: 'http://127.0.0.1/circle/heads/',
    xml: `<?xml version="1.0" encoding="utf-8" ?><D:multistatus xmlns:D="DAV:"><D:response><D:href>/circle/heads/${head}</D:href><D:propstat><D:prop><D:getcontentlength>12</D:getcontentlength></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response><D:response><D:href>/circle/heads/</D:href><D:propstat><D:prop><D:resourcetype><D:collection/></D:resourcetype></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>`,
  },
];

describe('a listing of a WebDAV server', () => {
  for (const { server, url, xml } of answers) {
    it(`is read as it comes from ${server}`, () => {
      const listing = read(xml, url)!;
      expect(listing.self).toMatchObject({ isCollection: true });
      expect(listing.entries).toEqual([{ name: head, isCollection: false, sizeBytes: 12 }]);
    });
  }

  it('says that a size is not told rather than naught', () => {
    const xml = `<d:multistatus xmlns:d="DAV:"><d:response><d:href>/a/x</d:href><d:propstat><d:prop><d:resourcetype/><d:getcontentlength/></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>`;
    expect(read(xml, 'http://h/a/')!.entries).toEqual([{ name: 'x', isCollection: false, sizeBytes: -1 }]);
  });

  it('leaves out what the server itself says is not there, and reads names with any character', () => {
    const of = (href: string, status = '') =>
      `<d:response><d:href>${href}</d:href>${status}<d:propstat><d:prop><d:resourcetype/></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
    const gone = '<d:status>HTTP/1.1 404 Not Found</d:status>';
    const xml = `<d:multistatus xmlns:d="DAV:">${of('/a/gone', gone)}${of('/a/x%20(1)%20%26%20100%25')}${of('/a/50%&amp;')}</d:multistatus>`;
    expect(read(xml, 'http://h/a/')!.entries.map((each) => each.name)).toEqual(['x (1) & 100%', '50%&']);
  });

  it('is no listing when it is cut, a page, or brings entities along', () => {
    const [{ xml, url }] = answers as [(typeof answers)[number]];
    for (let end = 0; end < xml.length - 1; end += 97) expect(read(xml.slice(0, end), url)).toBeNull();
    expect(read('<html><body>Sign in</body></html>', url)).toBeNull();
    expect(read(`<!DOCTYPE d [<!ENTITY a "b">]>${xml.slice(xml.indexOf('<d:'))}`, url)).toBeNull();
  });
});
