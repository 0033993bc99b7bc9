/** The exchange panel: channels that come and go, pausing, devices that are removed, and erasing for good. */
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { serveWebdav } from '../servers/webdav.ts';
import { begin, goTo } from './steps.ts';
import { expect, test } from './test.ts';
