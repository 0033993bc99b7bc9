export interface FoundBrowser {
  readonly from: string;
  readonly executablePath: string;
  readonly env: Record<string, string>;
  readonly args: string[];
}
export function findBrowser(): Promise<FoundBrowser | null>;
export const noBrowserMessage: string;
