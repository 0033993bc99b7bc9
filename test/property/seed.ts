/**
 * Properties draw the same cases in every run, so that what passes today passes tomorrow; `npm run fuzz -- properties`
 * tries others. Properties that name a seed of their own keep it.
 */
import fc from 'fast-check';

const seed = Number(process.env['PROPERTY_SEED'] ?? 20_261_128);

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
