/** The real page on the fake services: `?scene=new|empty|full&theme=...&crowd=193`. For looking at it without a shell. */
import { createEventHub, createMemoryPorts, servePort } from '../../shared/contract/rpc.ts';
import type { Settings } from '../../shared/contract/profile.ts';
import { createConnection } from '../../renderer/app/connection.ts';
import { startPage } from '../../renderer/app/start-page.tsx';
import { createFakeServices, type FakeOptions } from './fake-services.ts';

const query = new URLSearchParams(location.search);
const events = createEventHub();
const services = createFakeServices(
  {
    scene: (query.get('scene') ?? 'full') as FakeOptions['scene'],
    theme: (query.get('theme') ?? 'light') as Settings['theme'],
    crowd: Number(query.get('crowd') ?? 0),
  },
  events,
);
const connection = createConnection(async () => {
  const [pageEnd, servicesEnd] = createMemoryPorts();
  servePort(servicesEnd, services);
  events.add(servicesEnd);
  return pageEnd;
});
startPage(document, connection);
