/**
 * The one door to zod. `jitless`, because the page's content security policy forbids the `Function` constructor that
 * zod's compiled validators need.
 */
import { z } from 'zod';

z.config({ jitless: true });

export { z };
