/** A workbench in one of its shells, as a test drives it. */
import type { Page } from '@playwright/test';

export interface RunningShell {
  readonly page: Page;
  readonly profile: string;
  /** What the folder dialog answers next; on loopback the test goes through the page's own picker. */
  answerFolderDialog(path: string): Promise<void>;
  /** What the file dialog answers next. */
  answerFileDialog(paths: readonly string[]): Promise<void>;
  /** Where the next save goes. Loopback: the browser's download is moved there. */
  saveTo(path: string, trigger: () => Promise<void>): Promise<void>;
  readonly hasNativeDialogs: boolean;
  /** The process that writes to the disk; null where the shell does not say. */
  readonly servicesPid: number | null;
  /** Ends the program as a person would. */
  close(): Promise<void>;
}

export interface ShellOptions {
  readonly profile: string;
  /** Files that the system gives the program to open at its start. Desktop only. */
  readonly files?: readonly string[];
  readonly viewport?: { readonly width: number; readonly height: number };
}
