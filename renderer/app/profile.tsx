/** Who works here and how this window looks: the profile's status and settings, live. */
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { ProfileStatus, Settings } from '../../shared/contract/profile.ts';
import { applyAppearance } from './appearance.ts';
import { useClient } from './client.ts';
import { toastError } from './toasts.ts';
import { useLoaded, type Loaded } from './use-loaded.ts';
import { useView } from './view-state.ts';

export interface Profile {
  readonly status: ProfileStatus;
  readonly settings: Settings;
  readonly setStatus: (status: ProfileStatus) => void;
  readonly changeSettings: (change: Partial<Settings>) => void;
}

const Context = createContext<Profile | null>(null);

/** Loads status and settings and keeps them; null data until both have arrived. */
export function useProfileLoading(): { status: Loaded<ProfileStatus>; settings: Loaded<Settings> } {
  const status = useLoaded<ProfileStatus>((client) => client.profile.status({}), []);
  const settings = useLoaded<Settings>((client) => client.profile.settings({}), []);
  const client = useClient();
  const { set: setStatus } = status;
  const { set: setSettings } = settings;
  useEffect(() => {
    const stops = [client.profile.on('statusChanged', setStatus), client.profile.on('settingsChanged', setSettings)];
    return () => stops.forEach((stop) => stop());
  }, [client, setStatus, setSettings]);
  return { status, settings };
}

export function ProfileProvider({
  status,
  settings,
  children,
}: {
  readonly status: Loaded<ProfileStatus>;
  readonly settings: Loaded<Settings>;
  readonly children: ReactNode;
}) {
  const client = useClient();
  const [overlay, setOverlay] = useState<Partial<Settings>>({});
  const pending = useRef(0);
  const { data: shownStatus, set: setStatus } = status;
  const { data: kept, set: setSettings } = settings;
  const shown = useMemo<Settings>(() => ({ ...kept!, ...overlay }), [kept, overlay]);
  const { theme, textSize, listPaneWidth, marginPaneWidth } = shown;
  useEffect(() => applyAppearance(theme, textSize), [theme, textSize]);
  useEffect(() => {
    useView.setState({ listWidth: listPaneWidth, marginWidth: marginPaneWidth });
  }, [listPaneWidth, marginPaneWidth]);
  const value = useMemo<Profile>(
    () => ({
      status: shownStatus!,
      settings: shown,
      setStatus,
      changeSettings: (change) => {
        // Shown at once, over whatever an earlier change still brings; taken back when the service refuses.
        setOverlay((before) => ({ ...before, ...change }));
        pending.current += 1;
        client.profile
          .changeSettings(change)
          .then(setSettings, toastError)
          .finally(() => {
            pending.current -= 1;
            if (pending.current === 0) setOverlay({});
          });
      },
    }),
    [client, shownStatus, setStatus, shown, setSettings],
  );
  return <Context value={value}>{children}</Context>;
}

export function useProfile(): Profile {
  const profile = useContext(Context);
  if (!profile) throw new Error('no ProfileProvider above this component');
  return profile;
}
