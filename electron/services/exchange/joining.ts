/** How a circle begins in this profile: it is founded, or joined by an invitation. */
import type { CallContext } from '../../../shared/contract/contract.ts';
import type { CircleView } from '../../../shared/contract/circles.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { awayCodes } from '../../../shared/sync/remote-store.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';
import type { OpenedCircles } from '../circles/open-circles.ts';
import type { ActivityLog } from './activity-log.ts';
import type { Bundles } from './bundles.ts';
import type { ChannelWish } from './channel-kind.ts';
import type { ChannelRoom } from './channels-service.ts';
import type { Service } from './circles-service.ts';
import type { Invitations } from './invitations.ts';

export interface JoiningOptions {
  readonly circles: OpenedCircles;
  readonly bundles: Bundles;
  readonly invitations: Invitations;
  readonly activities: ActivityLog;
  readonly channels: ChannelRoom;
  readonly shared: (id: OpenedCircle['id']) => OpenedCircle;
  readonly view: (circle: OpenedCircle) => Promise<CircleView>;
  readonly announceSoon: () => void;
}

type Joining = Pick<Service, 'create' | 'invite' | 'inspectInvitation' | 'join'>;

export function createJoining(options: JoiningOptions): Joining {
  const { circles, bundles, invitations, activities, channels, shared, view, announceSoon } = options;

  async function settled(circle: OpenedCircle): Promise<CircleView> {
    announceSoon();
    return view(circle);
  }

  return {
    async create({ name, folder }, context) {
      // Opening the profile's own circle first: somebody who is not set up has no person to found a circle with.
      circles.personal();
      if (folder === undefined) return settled(await circles.create({ name }));
      const wish = await channels.wishOf({ kind: 'folder', folder });
      const place = await channels.settle(wish, null, 'found', context);
      const circle = await circles.create({ name });
      await channels.take(circle, place, context);
      return settled(circle);
    },

    async invite({ circle: id, passphrase }) {
      const circle = shared(id);
      return invitations.write({ circle, channels: await channels.invited(circle), passphrase });
    },

    async inspectInvitation({ invitation, passphrase }) {
      const { circle, name, by, channels: ways } = await invitations.read(invitation, passphrase);
      return { circle, name, by, channels: ways.map(({ kind, settings }) => ({ kind, place: settings['url'] ?? '' })) };
    },

    async join({ invitation, passphrase, folder, channel, account, bundles: brought = [] }, context: CallContext) {
      circles.personal();
      const access = await invitations.read(invitation, passphrase);
      const before = circles.all().find((circle) => circle.id === access.circle);
      if (before && !(await channels.wasRemoved(before, context))) {
        const message = `This profile takes part in the circle ${access.name} already. To point it at another folder, change its folder.`;
        throw new WorkbenchError('circle-exists', message, { circle: access.circle });
      }
      // Everything that can be refused is looked at before anything is written.
      const read = await Promise.all(brought.map((grant) => bundles.read(grant)));
      const foreign = read.find(({ content }) => content.circle !== access.circle);
      if (foreign) {
        const message = `${foreign.file} belongs to another circle than the invitation to ${access.name}. Nothing was changed; choose the bundle that came with it.`;
        throw new WorkbenchError('bundle-other-circle', message, { file: foreign.file });
      }
      const meant = { id: access.circle, name: access.name };
      const places = [];
      const later: WorkbenchError[] = [];
      const requests = [...(folder === undefined ? [] : [{ kind: 'folder' as const, folder }]), channel];
      const wishes = await Promise.all(requests.flatMap((request) => (request ? [channels.wishOf(request)] : [])));
      // The ways that the invitation brings along, unless a person has chosen another.
      for (const wish of wishes) places.push(await channels.settle(wish, meant, 'join', context));
      for (const wish of wishes.length > 0 ? [] : channels.wishesOf(access.channels)) {
        try {
          places.push(await channels.settle(withAccount(wish, account), meant, 'join', context, read.length > 0));
        } catch (error) {
          // A bundle is enough to join; a way that asks for a password, or is away, is taken later.
          if (read.length === 0 || !(error instanceof WorkbenchError && mayComeLater(error))) throw error;
          later.push(error);
        }
      }
      if (before) await before.joinAgain(access);
      const circle = before ?? (await circles.join(access));
      activities.add(circle.id, 'joined', `Joined the circle ${access.name}${before ? ' again' : ''}.`);
      for (const { message } of later) activities.add(circle.id, 'trouble', message);
      for (const bundle of read) await bundles.takeIn(circle, bundle, context);
      for (const place of places) await channels.take(circle, place, context);
      return settled(circle);
    },
  };
}

function mayComeLater({ code }: WorkbenchError): boolean {
  return awayCodes.has(code) || code === 'channel-refused';
}

/** The invitation knows where; who one is there is a person's own. */
function withAccount(
  wish: ChannelWish,
  account: { readonly user: string; readonly password: string } | undefined,
): ChannelWish {
  if (account === undefined) return wish;
  if (wish.kind === 'webdav') return { ...wish, ...account };
  return wish.kind === 's3' ? { ...wish, accessKey: account.user, secretKey: account.password } : wish;
}
