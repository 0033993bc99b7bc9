/** A running hub, asked over HTTP as devices ask it; every answer is held against openapi.json. */
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { base32 } from '../../shared/ids.ts';
import { closeCodes, sessionMessage } from '../../shared/sync/hub-protocol.ts';
import { sealObject } from '../../shared/sync/object-format.ts';
import { cutIntoParts } from '../../shared/sync/object-parts.ts';
import type { HubRefusal } from '../../electron/services/exchange/hub-http.ts';
import { createHubSession, openSession } from '../../electron/services/exchange/hub-session.ts';
import { defaultLimits } from '../../hub/rules/limits.ts';
import { startHub, type Hub } from '../../hub/server/app.ts';
import { readApiDescription } from '../../hub/server/api-description.ts';
import { openStorage } from '../../hub/storage/open-storage.ts';
import type { Storage } from '../../hub/storage/storage.ts';
import { createCheckedApi, type CheckedApi } from '../fakes/hub-api.ts';
import { engine, foundTestCircle, newTestDevice, random, testHubHttp, type TestDevice } from '../fakes/hub-device.ts';
import { newHubFolder } from '../servers/hub-data.ts';
import { makeCertificate } from '../servers/certificate.ts';

const { crypto } = engine;
const clock = { now: 1_790_000_000_000 };
const limits = {
  ...defaultLimits,
  objectBytes: 200_000,
  deviceBytes: 400_000,
  slowWindowMs: 200,
  foundingBurst: 1000,
  failureBurst: 1000,
};
/** Null, and the test skipped, where there is no openssl to make one. */
const certificate = await makeCertificate();
let folder: string;
let storage: Storage;
let hub: Hub;
let url: string;
let api: CheckedApi;
const faults: unknown[] = [];

beforeAll(async () => {
  folder = await newHubFolder();
  storage = await openStorage({ folder });
  api = await createCheckedApi();
  hub = await start();
  url = `http://127.0.0.1:${hub.port}`;
});
afterAll(async () => {
  await hub?.close();
  await storage?.close();
  await rm(folder, { recursive: true, force: true });
});

function start(changes: Partial<Parameters<typeof startHub>[0]> = {}): Promise<Hub> {
  const report = (error: unknown): void => void faults.push(error);
  return startHub({
    storage,
    limits,
    version: '1',
    port: 0,
    openToAll: true,
    clock: () => clock.now,
    report,
    ...changes,
  });
}

function sessionOf(device: TestDevice, token = '', at = url) {
  return createHubSession({ http: testHubHttp(at, { fetch: api.fetch }), device, crypto, token });
}

/** A circle that is set up on the hub, with its founder. */
async function settledCircle() {
  const { circle, founder } = foundTestCircle();
  const session = sessionOf(founder);
  await session.send({ method: 'GET', path: '' });
  return { circle, founder, session };
}

const refusal = (hubCode: string) => expect.objectContaining({ hubCode });
const put = (session: ReturnType<typeof sessionOf>, { name, bytes }: { name: string; bytes: Uint8Array }) =>
  session.send({ method: 'PUT', path: `/objects/${name}`, bytes });
const invite = async (session: ReturnType<typeof sessionOf>): Promise<string> =>
  String((await session.send({ method: 'POST', path: '/invitations', json: {} })).json['token']);

async function raw(path: string, init: RequestInit & { readonly session?: string } = {}) {
  const headers = { ...(init.session ? { authorization: `Bearer ${init.session}` } : {}), ...init.headers };
  const response = await api.fetch(`${url}${path}`, { ...init, headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('sessions', () => {
  it('[HB2][HB3] opens one by a signed challenge, which works once and not for long', async () => {
    const { founder, circle } = await settledCircle();
    const http = testHubHttp(url, { fetch: api.fetch });
    const challenge = String((await http.send({ method: 'POST', path: '/v1/challenges', json: {} })).json['challenge']);
    const body = (text: string) => ({
      circle: circle.id,
      publicKey: base32(founder.signer.publicKey),
      origin: http.origin,
      challenge,
      signature: base32(crypto.sign(new TextEncoder().encode(text), founder.signer.seed)),
    });
    const open = (json: unknown) => http.send({ method: 'POST', path: '/v1/sessions', json });
    const right = body(sessionMessage(http.origin, circle.id, challenge));
    await expect(open({ ...right, challenge: `x${challenge}` })).rejects.toEqual(refusal('challenge-unknown'));
    await expect(open(body('something else'))).rejects.toEqual(refusal('signature-wrong'));
    expect((await open(right)).status).toBe(201);
    await expect(open(right)).rejects.toEqual(refusal('challenge-used'));
    clock.now += 121_000;
    await expect(open(right)).rejects.toEqual(refusal('challenge-unknown'));
  });

  it('[HB4] opens none for a signature that names another address', async () => {
    const { founder, circle } = await settledCircle();
    const other = { ...testHubHttp(url, { fetch: api.fetch }), origin: 'https://hub.elsewhere.example' };
    await expect(openSession(other, crypto, circle.id, founder.signer)).rejects.toEqual(refusal('signature-wrong'));
  });

  it('[HB5] takes a session for its own circle only, and not when it is over', async () => {
    const [one, two] = [await settledCircle(), await settledCircle()];
    const session = await one.session.token();
    expect((await raw(`/v1/circles/${one.circle.id}`, { session })).status).toBe(200);
    for (const wrong of [session, `${session}x`, '', 'x.y.z']) {
      const answer = await raw(`/v1/circles/${two.circle.id}`, { session: wrong });
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([401, 'session-missing']);
    }
    clock.now += 3600_001;
    expect(JSON.parse((await raw(`/v1/circles/${one.circle.id}`, { session })).text).code).toBe('session-over');
    // The client opens another one by itself.
    expect((await one.session.send({ method: 'GET', path: '' })).status).toBe(200);
  });
});

describe('admission', () => {
  it('[HB10] lets the founder set a circle up, and nobody who only knows its root', async () => {
    const { circle, founder } = foundTestCircle();
    const stranger = newTestDevice(circle);
    const strange = sessionOf(stranger);
    await expect(strange.send({ method: 'GET', path: '' })).rejects.toEqual(refusal('circle-unknown'));
    const claim = { method: 'PUT', path: '', json: { root: circle.root } } as const;
    await expect(strange.send(claim)).rejects.toEqual(refusal('not-founder'));
    const session = sessionOf(founder);
    expect((await session.send({ method: 'GET', path: '' })).json).toMatchObject({ role: 'administrator', devices: 1 });
    expect((await session.send(claim)).status).toBe(200);
    await expect(strange.send({ method: 'GET', path: '' })).rejects.toEqual(refusal('not-admitted'));
  });

  it('[HB10] wants a founding code where it is not open to all, and takes it once', async () => {
    const closed = await start({ openToAll: false });
    const at = `http://127.0.0.1:${closed.port}`;
    const [one, two] = [foundTestCircle().founder, foundTestCircle().founder];
    const look = { method: 'GET', path: '' } as const;
    await expect(sessionOf(one, '', at).send(look)).rejects.toEqual(refusal('code-needed'));
    await expect(sessionOf(one, 'abcde', at).send(look)).rejects.toEqual(refusal('invitation-unknown'));
    const { token } = await closed.admission.invite(null, 'operator', { role: 'administrator' });
    // As it is printed and typed.
    expect((await sessionOf(one, token.toUpperCase().replace(/(.{5})/g, '$1-'), at).send(look)).status).toBe(200);
    await expect(sessionOf(two, token, at).send(look)).rejects.toEqual(refusal('invitation-used'));
    await closed.close();
  });

  it('[HB12] admits one device at once by an invitation, and refuses it to the second', async () => {
    const { circle, session } = await settledCircle();
    const token = await invite(session);
    const [first, second] = [newTestDevice(circle), newTestDevice(circle)];
    const check = { method: 'POST', path: '/invitations/check', json: { token } } as const;
    expect((await sessionOf(second).send(check)).status).toBe(204);
    expect((await sessionOf(first, token).send({ method: 'GET', path: '' })).json).toMatchObject({ role: 'member' });
    await expect(sessionOf(second, token).send({ method: 'GET', path: '' })).rejects.toEqual(
      expect.objectContaining({ code: 'hub-invitation-used' }),
    );
    await expect(sessionOf(second).send(check)).rejects.toEqual(refusal('invitation-used'));
    await expect(sessionOf(second, 'nosuchtoken').send({ method: 'GET', path: '' })).rejects.toEqual(
      expect.objectContaining({ code: 'hub-invitation-unknown' }),
    );
    const next = await invite(session);
    expect((await session.send({ method: 'DELETE', path: '/invitations' })).json).toEqual({ revoked: 1 });
    await expect(sessionOf(second, next).send({ method: 'GET', path: '' })).rejects.toEqual(
      refusal('invitation-unknown'),
    );
  });

  it('[HB11][HB15] leaves admitting and removing to administrators, and never loses the last of them', async () => {
    const { circle, founder, session } = await settledCircle();
    const [member, other] = [newTestDevice(circle), newTestDevice(circle)];
    const own = sessionOf(member, await invite(session));
    await own.send({ method: 'GET', path: '' });
    const path = `/devices/${other.replica}`;
    for (const request of [
      { method: 'PUT', path, json: { role: 'member' } },
      { method: 'DELETE', path: `/devices/${founder.replica}` },
      { method: 'POST', path: '/invitations', json: {} },
      { method: 'DELETE', path: '/invitations' },
      { method: 'DELETE', path: '/objects/circle' },
    ] as const) {
      await expect(own.send(request)).rejects.toEqual(refusal('not-administrator'));
    }
    expect((await session.send({ method: 'PUT', path, json: {} })).json).toMatchObject({ role: 'member' });
    await expect(session.send({ method: 'DELETE', path: `/devices/${founder.replica}` })).rejects.toEqual(
      refusal('last-administrator'),
    );
    await session.send({ method: 'PUT', path, json: { role: 'administrator' } });
    expect((await own.send({ method: 'DELETE', path: `/devices/${member.replica}` })).status).toBe(204);
    const { devices } = (await session.send({ method: 'GET', path: '/devices' })).json as {
      devices: { replica: string; removedAt: number | null; role: string }[];
    };
    const states = Object.fromEntries(devices.map((each) => [each.replica, [each.role, each.removedAt === null]]));
    expect(states).toEqual({
      [founder.replica]: ['administrator', true],
      [other.replica]: ['administrator', true],
      [member.replica]: ['member', false],
    });
  });

  it('[HB13][HB14] gives a removed device nothing, with whatever it still has', async () => {
    const { circle, session, founder } = await settledCircle();
    const device = newTestDevice(circle);
    const [token, spare] = [await invite(session), await invite(session)];
    const own = sessionOf(device, token);
    const head = founder.head(1);
    await put(session, head);
    expect((await own.send({ method: 'GET', path: `/objects/${head.name}` })).bytes).toEqual(head.bytes);
    await session.send({ method: 'DELETE', path: `/devices/${device.replica}` });
    const segment = device.segment(1, 1, random(10));
    for (const request of [
      { method: 'GET', path: `/objects/${head.name}` },
      { method: 'GET', path: '/objects?prefix=heads/' },
      { method: 'GET', path: '/devices' },
      { method: 'GET', path: '' },
      { method: 'PUT', path: `/objects/${segment.name}`, bytes: segment.bytes },
      { method: 'DELETE', path: `/objects/${head.name}` },
      { method: 'PUT', path: `/devices/${device.replica}`, json: { invitation: spare } },
    ] as const) {
      await expect(own.send(request)).rejects.toEqual(
        expect.objectContaining({ code: 'hub-device-removed', hubCode: 'device-removed' }),
      );
    }
    const next = newTestDevice(circle, device);
    await expect(sessionOf(next).send({ method: 'GET', path: '' })).rejects.toEqual(refusal('device-removed'));
    await session.send({ method: 'PUT', path: `/devices/${device.replica}`, json: { role: 'member' } });
    expect((await own.send({ method: 'GET', path: '' })).status).toBe(200);
  });

  it('[HB16][HB26] admits a device that carries on an earlier one, which may clear away what that one put', async () => {
    const { circle, founder, session } = await settledCircle();
    const head = founder.head(1);
    await put(session, head);
    const stranger = newTestDevice(circle);
    const proof = { replica: founder.replica, key: base32(founder.signer.publicKey), signature: 'a'.repeat(103) };
    await expect(
      sessionOf(stranger).send({ method: 'PUT', path: `/devices/${stranger.replica}`, json: { carriesOn: proof } }),
    ).rejects.toEqual(refusal('proof-wrong'));
    const next = sessionOf(newTestDevice(circle, founder));
    expect((await next.send({ method: 'GET', path: '' })).json).toMatchObject({ role: 'administrator' });
    expect((await next.send({ method: 'DELETE', path: `/objects/${head.name}` })).status).toBe(204);
  });

  it('[HB16][HB26] hears whom a device carries on also after an administrator has let it in', async () => {
    const { circle, founder, session } = await settledCircle();
    const earlier = newTestDevice(circle);
    await session.send({ method: 'PUT', path: `/devices/${earlier.replica}`, json: { role: 'member' } });
    const head = earlier.head(1);
    await put(sessionOf(earlier), head);
    const device = newTestDevice(circle, earlier);
    await session.send({ method: 'PUT', path: `/devices/${device.replica}`, json: { role: 'member' } });
    const next = sessionOf(device);
    expect((await next.send({ method: 'DELETE', path: `/objects/${head.name}` })).status).toBe(204);
    // What is another's stays so.
    const theirs = founder.head(1);
    await put(session, theirs);
    await expect(next.send({ method: 'DELETE', path: `/objects/${theirs.name}` })).rejects.toEqual(
      refusal('not-owner'),
    );
  });
});

describe('objects', () => {
  it('[HB1][HB21][HB22] takes only what is what its name says, sealed and signed, without reading it', async () => {
    const [{ circle, founder, session }, elsewhere] = [await settledCircle(), foundTestCircle()];
    const good = founder.segment(3, 7, random(500));
    const altered = good.bytes.slice();
    altered[200]! ^= 1;
    const resigned = good.bytes.slice();
    resigned[resigned.length - 1]! ^= 1;
    const nameFor = (bytes: Uint8Array): string => good.name.slice(0, -26) + base32(crypto.sha256(bytes)).slice(0, 26);
    const head = founder.head(4);
    const blob = founder.blob(random(100));
    const receipt = founder.receipt(2);
    const wrong: readonly (readonly [string, Uint8Array])[] = [
      [good.name, altered],
      [nameFor(altered), altered],
      [nameFor(resigned), resigned],
      [nameFor(good.bytes.subarray(0, -1)), good.bytes.subarray(0, -1)],
      [good.name, new Uint8Array()],
      [good.name.replace('-3-7-', '-3-8-'), good.bytes],
      [good.name.replace(founder.replica, elsewhere.founder.replica), good.bytes],
      [head.name.replace('heads/', 'segments/').replace('-4-', '-1-4-'), head.bytes],
      [`heads/${founder.replica}-7-${good.name.slice(-26)}`, good.bytes],
      [blob.name, good.bytes],
      [receipt.name.replace(/-2$/, '-3'), receipt.bytes],
      [elsewhere.founder.head(1).name, elsewhere.founder.head(1).bytes],
      ['circle', new TextEncoder().encode('{}')],
    ];
    for (const [name, bytes] of wrong)
      await expect(put(session, { name, bytes }), name).rejects.toEqual(refusal('object-invalid'));
    for (const object of [good, head, blob, receipt]) expect((await put(session, object)).status).toBe(201);
    const [part] = cutIntoParts(blob, crypto)!;
    const cut = { ...part!, bytes: part!.bytes.slice(0, -1) };
    const other = founder.blob(random(100));
    const [foreign] = cutIntoParts(elsewhere.founder.blob(random(100)), crypto)!;
    for (const object of [cut, foreign!, { ...part!, bytes: blob.bytes }, { ...other, bytes: part!.bytes }])
      await expect(put(session, object)).rejects.toEqual(refusal('object-invalid'));
    expect((await put(session, part!)).status).toBe(201);
    // Sealed with a key that nobody has: the hub cannot tell.
    const body = random(10);
    const sealed = { kind: 'head', circle: circle.id, epoch: 9, key: random(32), from: 1, to: 5, body } as const;
    expect((await put(session, sealObject({ ...sealed, signer: founder.signer }, engine))).status).toBe(201);
  });

  it('[HB23] takes from an admitted device what another one signed, and charges who brings it', async () => {
    const { circle, session, founder } = await settledCircle();
    const elsewhere = newTestDevice(circle);
    const head = elsewhere.head(1, random(2000));
    expect((await put(session, head)).status).toBe(201);
    expect((await put(session, head)).status).toBe(200);
    expect(await storage.devices.device(circle.id, founder.replica)).toMatchObject({ bytes: head.bytes.length });
    const member = sessionOf(newTestDevice(circle), await invite(session));
    await expect(member.send({ method: 'DELETE', path: `/objects/${head.name}` })).rejects.toEqual(
      refusal('not-owner'),
    );
    expect((await session.send({ method: 'DELETE', path: `/objects/${head.name}` })).status).toBe(204);
    expect(await storage.devices.device(circle.id, founder.replica)).toMatchObject({ bytes: 0 });
  });

  it('[HB26] lets administrators remove what a removed device brought, whoever signed it', async () => {
    const { circle, session } = await settledCircle();
    const bringer = newTestDevice(circle);
    const head = newTestDevice(circle).head(1);
    await put(sessionOf(bringer, await invite(session)), head);
    const remove = () => session.send({ method: 'DELETE', path: `/objects/${head.name}` });
    await expect(remove()).rejects.toEqual(refusal('not-owner'));
    await session.send({ method: 'DELETE', path: `/devices/${bringer.replica}` });
    expect((await remove()).status).toBe(204);
  });

  it('[HB26] lets a blob be removed by who brought it and by administrators, what is signed not by others', async () => {
    const { circle, session, founder } = await settledCircle();
    const [one, two] = [newTestDevice(circle), newTestDevice(circle)];
    const [first, second] = [sessionOf(one, await invite(session)), sessionOf(two, await invite(session))];
    const [blob, another, head] = [one.blob(random(50)), one.blob(random(50)), one.head(1)];
    for (const object of [blob, another, head]) await put(first, object);
    const remove = (by: typeof first, name: string) => by.send({ method: 'DELETE', path: `/objects/${name}` });
    await expect(remove(second, blob.name)).rejects.toEqual(refusal('not-owner'));
    expect((await remove(first, blob.name)).status).toBe(204);
    expect((await remove(session, another.name)).status).toBe(204);
    await expect(remove(session, head.name)).rejects.toEqual(refusal('not-owner'));
    await session.send({ method: 'DELETE', path: `/devices/${one.replica}` });
    expect((await remove(session, head.name)).status).toBe(204);
    expect(founder.replica).not.toBe(one.replica);
  });

  it('[HB24][HB25] lists in pages and gives parts', async () => {
    const { founder, session, circle } = await settledCircle();
    for (const seq of [1, 2, 3]) await put(session, founder.head(seq));
    const page = await session.send({ method: 'GET', path: '/objects?prefix=heads/&limit=2' });
    const { objects, more } = page.json as { objects: [string, number][]; more: boolean };
    expect([objects.length, more]).toEqual([2, true]);
    const rest = await session.send({ method: 'GET', path: `/objects?prefix=heads/&after=${objects[1]![0]}` });
    expect(rest.json).toMatchObject({ more: false, objects: [[expect.any(String), expect.any(Number)]] });
    const segment = founder.segment(1, 1, random(90_000));
    await put(session, segment);
    const part = async (range: string) => {
      const token = await session.token();
      const response = await api.fetch(`${url}/v1/circles/${circle.id}/objects/${segment.name}`, {
        headers: { authorization: `Bearer ${token}`, range },
      });
      return {
        status: response.status,
        bytes: new Uint8Array(await response.arrayBuffer()),
        headers: response.headers,
      };
    };
    const size = segment.bytes.length;
    const end = await part('bytes=70000-');
    expect([end.status, end.headers.get('content-range')]).toEqual([206, `bytes 70000-${size - 1}/${size}`]);
    expect(end.bytes).toEqual(segment.bytes.slice(70_000));
    expect((await part('bytes=10-19')).bytes).toEqual(segment.bytes.slice(10, 20));
    expect((await part(`bytes=${size}-`)).status).toBe(416);
    expect((await part('bytes=a')).status).toBe(200);
  });
});

describe('news', () => {
  async function listen(session: ReturnType<typeof sessionOf>, circle: string) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/circles/${circle}/news`, {
      headers: { authorization: `Bearer ${await session.token()}` },
    });
    const heard: { type: string; names?: string[] }[] = [];
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    const until = (type: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => (heard.some((each) => each.type === type) ? resolve() : undefined);
        socket.on('message', look);
        socket.once('close', () => reject(new Error('closed')));
        look();
      });
    socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as (typeof heard)[0]));
    await until('listening');
    return { heard, until, closed, socket };
  }

  it('[HB30][HB31] tells of a head as soon as it is stored, but not its own device', async () => {
    const { circle, founder, session } = await settledCircle();
    const partner = sessionOf(newTestDevice(circle), await invite(session));
    await partner.send({ method: 'GET', path: '' });
    const [theirs, ours] = [await listen(partner, circle.id), await listen(session, circle.id)];
    const head = founder.head(1);
    await put(session, founder.segment(1, 1, random(9)));
    await put(session, head);
    await theirs.until('heads');
    expect(theirs.heard).toEqual([{ type: 'listening' }, { type: 'heads', names: [head.name] }]);
    expect(ours.heard).toEqual([{ type: 'listening' }]);
    for (const { socket } of [theirs, ours]) socket.terminate();
  });

  it('[HB32] closes the socket of a device that is removed, and tells the others', async () => {
    const { circle, session } = await settledCircle();
    const device = newTestDevice(circle);
    const partner = sessionOf(device, await invite(session));
    await partner.send({ method: 'GET', path: '' });
    const [theirs, ours] = [await listen(partner, circle.id), await listen(session, circle.id)];
    await session.send({ method: 'DELETE', path: `/devices/${device.replica}` });
    expect(await theirs.closed).toBe(closeCodes.deviceRemoved);
    await ours.until('devices');
    const again = new WebSocket(`${url.replace('http', 'ws')}/v1/circles/${circle.id}/news`, {
      headers: { authorization: `Bearer ${await partner.token()}` },
    });
    const status = await new Promise((resolve) =>
      again.once('unexpected-response', (_request, response) => resolve(response.statusCode)),
    );
    expect(status).toBe(403);
    again.on('error', () => undefined).terminate();
    ours.socket.terminate();
  });
});

describe('hostile input', () => {
  it('[HB41] refuses bodies that are too large before they are sent, and cuts off those that lie', async () => {
    const { circle, session } = await settledCircle();
    const name = `segments/${'a'.repeat(26)}-1-1-${'b'.repeat(26)}`;
    const at = `/v1/circles/${circle.id}/objects/${name}`;
    const token = await session.token();
    const headers = { 'content-type': 'application/octet-stream' };
    const declared = await raw(at, { method: 'PUT', session: token, headers, body: new Uint8Array(200_001) });
    expect([declared.status, JSON.parse(declared.text).code]).toEqual([413, 'object-too-large']);
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(50_000)) });
    const sent = raw(at, { method: 'PUT', session: token, headers, body: endless, duplex: 'half' } as never);
    // Either the refusal arrives, or the connection is cut while sending: the hub has not taken it.
    expect(
      await sent.then(
        ({ status }) => status,
        () => 413,
      ),
    ).toBe(413);
    const json = await raw('/v1/sessions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ circle: 'x'.repeat(9000) }),
    });
    expect(json.status).toBe(413);
    expect(await storage.objects.list(circle.id, '', '', 10)).toEqual([]);
  });

  it('[HB42] lets go of a body that does not move on', async () => {
    const { circle, session } = await settledCircle();
    const socket = connect(hub.port, '127.0.0.1');
    const answer = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    socket.on('error', () => undefined);
    socket.write(
      `PUT /v1/circles/${circle.id}/objects/segments/${'a'.repeat(26)}-1-1-${'b'.repeat(26)} HTTP/1.1\r\nHost: x\r\n` +
        `Authorization: Bearer ${await session.token()}\r\nContent-Type: application/octet-stream\r\n` +
        'Content-Length: 1000\r\n\r\nslow',
    );
    const text = await answer;
    expect(text === '' || text.startsWith('HTTP/1.1 408')).toBe(true);
  });

  it('[HB60] gives nothing away for paths that lead elsewhere', async () => {
    const { circle, session } = await settledCircle();
    const token = await session.token();
    const base = `/v1/circles/${circle.id}/objects`;
    for (const path of [
      `${base}/heads/..%2f..%2fcircle`,
      `${base}/heads/%00`,
      `${base}/HEADS/a`,
      `${base}/etc/passwd`,
      `${base}/heads/a/b`,
      `${base}/heads/${'a'.repeat(300)}`,
      '/v1/circles/../../etc/passwd',
      '/v1/circles/UPPER',
      '/metrics/..',
    ]) {
      for (const method of ['GET', 'DELETE', 'PUT']) {
        const { status } = await raw(path, { method, session: token });
        expect([400, 401, 404, 414], `${method} ${path}`).toContain(status);
      }
    }
    for (const query of [
      '',
      '?prefix=',
      '?prefix=../',
      '?prefix=heads/&limit=0',
      '?prefix=heads/&limit=x',
      '?prefix=heads/&x=1',
    ])
      expect((await raw(`${base}${query}`, { session: token })).status, query).toBe(400);
    expect(faults).toEqual([]);
  });

  it('[HB44] stops looking at tokens after many wrong ones, and goes on serving those who are in', async () => {
    const strict = await start({ limits: { ...limits, failureBurst: 30, failurePerSecond: 0.1 } });
    const at = `http://127.0.0.1:${strict.port}`;
    const { circle, session: founding } = await settledCircle();
    const token = await invite(founding);
    const stranger = sessionOf(newTestDevice(circle), '', at);
    const check = (guess: string) =>
      stranger.send({ method: 'POST', path: '/invitations/check', json: { token: guess } }).then(
        () => 'good',
        (error: HubRefusal) => error.hubCode,
      );
    const answers: string[] = [];
    for (let guess = 0; guess < 1000; guess += 1) answers.push(await check(`guess${guess}`));
    const counts = (code: string) => answers.filter((each) => each === code).length;
    expect(counts('invitation-unknown')).toBe(30);
    expect(counts('rate-limited')).toBe(970);
    expect(await check(token)).toBe('rate-limited');
    clock.now += 10_000;
    expect(await check(token)).toBe('good');
    await strict.close();
  });

  it('[HB43] answers a device that asks too much with 429 and when to come again', async () => {
    const strict = await start({ limits: { ...limits, deviceBurst: 5, devicePerSecond: 0.5 } });
    const at = `http://127.0.0.1:${strict.port}`;
    const { founder, circle } = await settledCircle();
    const http = testHubHttp(at, { fetch: api.fetch });
    const session = await openSession(http, crypto, circle.id, founder.signer);
    const ask = () => http.send({ method: 'GET', path: `/v1/circles/${circle.id}`, session });
    for (let count = 0; count < 5; count += 1) await ask();
    await expect(ask()).rejects.toEqual(
      expect.objectContaining({ code: 'network-unreachable', data: expect.objectContaining({ retryAfterMs: 2000 }) }),
    );
    clock.now += 2000;
    expect((await ask()).status).toBe(200);
    await strict.close();
  });

  it('[HB40] stores nothing past a device’s quota, keeps what is there, and gives room back', async () => {
    const { founder, session } = await settledCircle();
    const sizes = [150_000, 150_000, 90_000];
    const objects = sizes.map((size, index) => founder.segment(index + 1, index + 1, random(size)));
    for (const object of objects.slice(0, 2)) await put(session, object);
    const full = { hubCode: 'device-full', code: 'hub-full' };
    await expect(put(session, founder.segment(9, 9, random(120_000)))).rejects.toEqual(expect.objectContaining(full));
    expect((await session.send({ method: 'GET', path: `/objects/${objects[0]!.name}` })).bytes).toEqual(
      objects[0]!.bytes,
    );
    expect((await put(session, objects[2]!)).status).toBe(201);
    await expect(put(session, founder.segment(8, 8, random(50_000)))).rejects.toEqual(expect.objectContaining(full));
    await session.send({ method: 'DELETE', path: `/objects/${objects[1]!.name}` });
    expect((await put(session, founder.segment(8, 8, random(50_000)))).status).toBe(201);
  });
});

describe('running', () => {
  it('[HB53] says how it is, in totals only', async () => {
    const { circle, founder, session } = await settledCircle();
    await put(session, founder.head(1));
    expect(JSON.parse((await raw('/health')).text)).toEqual({ status: 'ok', version: '1' });
    const { text, headers } = await raw('/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    expect(text).toMatch(/^hub_requests_total\{operation="put",status="201"\} \d+$/m);
    expect(text).toMatch(/^hub_circles [1-9]\d*$/m);
    for (const secret of [circle.id, founder.replica, '127.0.0.1']) expect(text).not.toContain(secret);
  });

  it('[HB56] believes the X-Forwarded headers of one hop, and only behind a proxy', async () => {
    const { founder, circle } = await settledCircle();
    const outside = 'https://hub.example.org';
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'hub.example.org' };
    for (const behindProxy of [true, false]) {
      const proxied = await start({ behindProxy });
      const through: typeof fetch = (input, init) =>
        api.fetch(String(input).replace(outside, `http://127.0.0.1:${proxied.port}`), {
          ...init,
          headers: { ...(init?.headers as Record<string, string>), ...forwarded },
        });
      const opened = openSession(testHubHttp(outside, { fetch: through }), crypto, circle.id, founder.signer);
      if (behindProxy) expect(await opened).toContain(founder.replica);
      else await expect(opened).rejects.toEqual(refusal('signature-wrong'));
      await proxied.close();
    }
  });

  it.skipIf(certificate === null)(
    '[HB56] speaks https and wss with its own certificate, and nothing else',
    async () => {
      const own = await start({ tls: certificate! });
      const at = `https://127.0.0.1:${own.port}`;
      const { founder, circle } = foundTestCircle();
      // Not trusted: what answers is not taken for the hub.
      await expect(founder.on(at).store.list('heads/')).rejects.toEqual(
        expect.objectContaining({ code: 'network-captive', message: expect.stringContaining('certificate') }),
      );
      const usual = getCACertificates('default');
      setDefaultCACertificates([...usual, certificate!.cert]);
      try {
        const { store, session } = founder.on(at);
        const head = founder.head(1);
        expect(await store.putIfAbsent(head.name, head.bytes)).toBe('stored');
        expect(await store.list('heads/')).toHaveLength(1);
        const socket = new WebSocket(`${at.replace('https', 'wss')}/v1/circles/${circle.id}/news`, {
          headers: { authorization: `Bearer ${await session.token()}` },
          ca: certificate!.cert,
        });
        const first = await new Promise<string>((resolve, reject) => {
          socket.once('message', (data: Buffer) => resolve(data.toString('utf8')));
          socket.once('error', reject);
        });
        expect(JSON.parse(first)).toEqual({ type: 'listening' });
        socket.terminate();
      } finally {
        setDefaultCACertificates(usual);
      }
      await expect(fetch(at.replace('https', 'http'))).rejects.toThrow();
      await own.close();
    },
  );

  it('[HB60] describes every answer that was given here, and gives every answer that is described', async () => {
    const { session } = await settledCircle();
    await raw(`/v1/circles/${'a'.repeat(26)}/news`, { session: await session.token() });
    expect(api.violations).toEqual([]);
    // What no test here can bring about at will: faults, overload and ends. Refusals that hold for all are tried on some.
    const general = new Set([400, 401, 403, 404, 408, 409, 413, 426, 429, 500, 503, 507]);
    const missing = readApiDescription().flatMap((operation) =>
      [...operation.responses.keys()]
        .filter((status) => status !== 101 && !general.has(status))
        .map((status) => `${operation.id} ${status}`)
        .filter((what) => !api.seen.has(what)),
    );
    // The object `circle` is an object like the others.
    const untried = missing.filter((what) => !/Circle (200|201|204|206|416)$|^found 410/.test(what));
    expect(untried).toEqual([]);
    const statuses = new Set([...api.seen].map((what) => Number(what.split(' ')[1])));
    for (const status of [400, 401, 403, 404, 409, 410, 413, 429, 507]) expect(statuses).toContain(status);
  });
});
