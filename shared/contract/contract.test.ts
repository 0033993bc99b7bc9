import { expect, it } from 'vitest';
import { contract } from './contract.ts';

it('says of every operation what goes in and what comes out, whichever file is read first', () => {
  const operations = Object.entries(contract).flatMap(([service, { operations: all }]) =>
    Object.entries(all).map(([name, operation]) => ({ name: `${service}.${name}`, ...operation })),
  );
  expect(operations.length).toBeGreaterThan(100);
  const lacking = operations.filter(({ input, output }) => !input?.safeParse || !output?.safeParse);
  expect(lacking.map(({ name }) => name)).toEqual([]);
});
