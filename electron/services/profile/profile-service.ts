/** The `profile` service of the contract: who sits here, the settings, and the sample workspace. */
import type { EventSink, ServiceImplementation } from '../../../shared/contract/contract.ts';
import type { CallContext } from '../../../shared/contract/contract.ts';
import type { profileContract, ProfileStatus } from '../../../shared/contract/profile.ts';
import type { Profile } from './profile.ts';

export interface ProfileServiceOptions {
  readonly profile: Profile;
  readonly events: EventSink;
  readonly version: string;
  readonly shell: ProfileStatus['shell'];
  /** Puts the sample documents and drafts into the personal circle; running it again adds nothing. */
  readonly loadSample: (context: CallContext) => Promise<{ documents: number; drafts: number }>;
}

export interface ProfileService extends ServiceImplementation<typeof profileContract> {
  /** Stops announcing. */
  dispose(): void;
}

export function createProfileService(options: ProfileServiceOptions): ProfileService {
  const { profile, events, version, shell } = options;

  function status(): ProfileStatus {
    const file = profile.identity();
    return {
      setUp: file !== null,
      name: file?.name ?? '',
      delegation: file?.delegation ?? '',
      language: file?.language ?? profile.settings.get().language,
      sampleLoaded: file?.sampleLoaded ?? false,
      dataFolder: profile.folder,
      version,
      shell,
      notices: [...profile.notices()],
    };
  }
  function changed(): ProfileStatus {
    const now = status();
    events.emit('profile', 'statusChanged', now);
    return now;
  }
  const disposers = [
    profile.onNotice(() => void changed()),
    profile.settings.onChanged((settings) => events.emit('profile', 'settingsChanged', settings)),
  ];

  return {
    status: async () => status(),
    async setUp({ name, delegation, language }) {
      await profile.setUp({ name, delegation, language });
      await profile.settings.set({ language });
      return changed();
    },
    async rename({ name, delegation }) {
      await profile.change({ name, delegation });
      return changed();
    },
    async loadSample(_input, context) {
      const loaded = await options.loadSample(context);
      await profile.change({ sampleLoaded: true });
      changed();
      return loaded;
    },
    settings: async () => profile.settings.get(),
    changeSettings: (change) => profile.settings.set(change),
    dispose() {
      for (const dispose of disposers) dispose();
    },
  };
}
