/** A thin line: how much is treated, how much of the rest is news (changed or disputed), how much has not been touched. */
export function ProgressLine({
  passages,
  untreated,
  fresh,
}: {
  readonly passages: number;
  readonly untreated: number;
  /** Of the untreated, what asks to be looked at again. */
  readonly fresh: number;
}) {
  if (passages === 0) return <span className="merge-bar" aria-hidden />;
  const share = (count: number): string => `${(100 * count) / passages}%`;
  return (
    <span className="merge-bar" aria-hidden>
      <i style={{ inlineSize: share(passages - untreated) }} />
      <i style={{ inlineSize: share(Math.min(fresh, untreated)) }} />
    </span>
  );
}
