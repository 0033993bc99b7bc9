export async function exportDraft(): Promise<never> {
  throw new Error('not yet');
}
