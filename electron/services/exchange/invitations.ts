/** Invitations to circles as the service writes and reads them. */
import { textForCode } from '../../../shared/sync/coded-text.ts';
import { openInvitation, wrapInvitation, writeInvitation } from '../../../shared/sync/invitation.ts';
import type { Invitation, InvitedChannel, PassphraseTools } from '../../../shared/sync/invitation.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';

export interface Invitations {
  /** `code` is what a QR code holds. With a passphrase nobody reads it who does not know that. */
  write(request: {
    readonly circle: OpenedCircle;
    readonly channels?: readonly InvitedChannel[];
    readonly passphrase?: string | undefined;
  }): Promise<{ readonly invitation: string; readonly code: string }>;
  /** Fails with `invitation-invalid`, `passphrase-needed` or `passphrase-wrong`. */
  read(text: string, passphrase?: string): Promise<Invitation>;
}

export function createInvitations(tools: PassphraseTools): Invitations {
  return {
    async write({ circle, channels = [], passphrase }) {
      const { epoch, key } = circle.keys.current();
      const founder = circle.fold.founder() ?? circle.replica;
      const by = circle.authorOf(circle.replica).name;
      const content: Invitation = { circle: circle.id, epoch, key, founder, name: circle.name(), by, channels };
      const invitation =
        passphrase === undefined ? writeInvitation(content) : await wrapInvitation(content, passphrase, tools);
      return { invitation, code: textForCode(invitation) };
    },
    read: (text, passphrase) => openInvitation(text, passphrase ?? null, tools),
  };
}
