/**
 * Files without paths: the page never names a path. A grant is a short-lived token for one file or folder that a person
 * picked. The desktop shell makes grants from native dialogs and dropped files; the loopback shell from uploads and from
 * `browse`, a folder list drawn by the page.
 */
import { nothing } from './common.ts';
import { z } from './schema.ts';

export const grant = z.string().regex(/^[a-z2-7]{26}$/);

/** What files are picked for: the dialog shows those that fit first. */
export const filePurpose = z.enum(['import', 'session-log']);
export type FilePurpose = z.output<typeof filePurpose>;

const entry = z.object({ name: z.string(), grant, isFolder: z.boolean() });

export const filesContract = {
  operations: {
    /** Opens the shell's own dialog where it has one. `unavailable` tells the page to use its own picker. */
    pickFiles: {
      input: z.object({ purpose: filePurpose }),
      output: z.object({ unavailable: z.boolean(), files: z.array(z.object({ name: z.string(), grant })) }),
    },
    pickFolder: {
      input: nothing,
      output: z.object({ unavailable: z.boolean(), folder: z.object({ name: z.string(), grant }).nullable() }),
    },
    /** Folders for the page's own picker: of a granted folder, or the places to begin (home, sticks). Loopback only. */
    browse: {
      input: z.object({ folder: grant.nullable() }),
      output: z.object({
        /** For display: the path shown as text. */
        title: z.string(),
        parent: grant.nullable(),
        entries: z.array(entry),
      }),
    },
    makeFolder: { input: z.object({ parent: grant, name: z.string().min(1) }), output: entry },
    /** Offers bytes made by a service (an export) to the person: save dialog, or a download address. */
    save: {
      input: z.object({ file: grant }),
      output: z.object({ saved: z.boolean(), name: z.string(), downloadPath: z.string().nullable() }),
    },
    /**
     * Files that the system gave the program to open (a double click, a file dropped on its icon), each once. `opened` says
     * that there are some.
     */
    takeOpened: { input: nothing, output: z.object({ files: z.array(z.object({ name: z.string(), grant })) }) },
    /** For the command line only, which names paths of its own; a page gets `not-allowed`. */
    grantPath: { input: z.object({ path: z.string().min(1) }), output: z.object({ grant }) },
    writeTo: { input: z.object({ file: grant, path: z.string().min(1) }), output: nothing },
  },
  events: { opened: nothing },
} as const;
