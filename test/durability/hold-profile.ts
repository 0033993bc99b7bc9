/** A process that opens the profile named on its command line, says so, and waits to be killed. */
import { randomBytes } from 'node:crypto';
import { openProfile } from '../../electron/services/profile/profile.ts';
import { profileSocketPath, serveProfileSocket } from '../../electron/services/storage/profile-socket.ts';

const folder = process.argv[2]!;
const profile = await openProfile({
  folder,
  random: (lengthBytes) => new Uint8Array(randomBytes(lengthBytes)),
  now: Date.now,
});
const address = profileSocketPath(folder);
await serveProfileSocket(address, (port) => port.onMessage((message) => port.send(`echo ${message}`)));
await profile.announce(address);
process.stdout.write('open\n');
setInterval(() => undefined, 1000);
