/** One part of the settings: its name beside its fields. */
import type { ReactNode } from 'react';

export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="settings-part" aria-label={title}>
      <h2>{title}</h2>
      <div className="settings-fields">{children}</div>
    </section>
  );
}
