import { describe, expect, it } from 'vitest';
import { createDirectory, knownDelegations, type Delegation } from './directory.ts';

const directory = createDirectory();

describe('the delegations of this release', () => {
  it('have ids that name one each', () => {
    const ids = knownDelegations.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect(ids.filter((id) => !/^[A-Z][A-Z0-9-]*$/.test(id))).toEqual([]);
  });

  it('are the 193 members of the United Nations, in six languages', () => {
    const states = knownDelegations.filter(({ kind }) => kind === 'state');
    expect(states).toHaveLength(193);
    for (const { names } of states) expect(Object.keys(names).sort()).toEqual(['ar', 'en', 'es', 'fr', 'ru', 'zh']);
  });

  it.each([
    ['EU', 27],
    ['AFRICAN-GROUP', 54],
    ['AU', 55],
    ['GRULAC', 33],
    ['ARAB-GROUP', 22],
    ['ASEAN', 11],
    ['CARICOM', 15],
  ])('list as many members of %s as it has', (id, count) => {
    const { ids, source } = directory.get(id)!.members!;
    expect(new Set(ids).size).toBe(count);
    expect(source).not.toBe('');
    expect(ids.filter((each) => directory.get(each) === undefined)).toEqual([]);
  });

  it('give members only with their source', () => {
    const groups = knownDelegations.filter(({ kind }) => kind === 'group');
    expect(groups.filter(({ members }) => members !== null && members.source === '')).toEqual([]);
    expect(directory.get('G77')!.members).toBeNull();
  });
});

describe('finding a delegation', () => {
  it.each([
    ['FRA', 'FRA'],
    ['fr', 'FRA'],
    ['Франция', 'FRA'],
    ['فرنسا', 'FRA'],
    ['法国', 'FRA'],
    ['cote d’ivoire', 'CIV'],
    ['COTE D IVOIRE', 'CIV'],
    ['Russian Federation', 'RUS'],
    ['UK', 'GBR'],
    ['State of Palestine', 'PSE'],
    ['Palestinian Territories', 'PSE'],
    ['Saint-Siège', 'VAT'],
    ['UIT', 'ITU'],
    ['G-77', 'G77'],
    ['AU', 'AU'],
    ['aus', 'AUS'],
  ])('reads %s as %s', (typed, id) => {
    expect(directory.find(typed)?.id).toBe(id);
  });

  it('takes neither an unknown name nor one that several have', () => {
    expect(directory.find('Region AB')).toBeNull();
    expect(directory.find('')).toBeNull();
    const own = (id: string): Delegation => ({
      id,
      kind: 'observer',
      codes: [id],
      names: { en: 'The Same Name' },
      aliases: [],
      members: null,
    });
    expect(createDirectory([own('X-1'), own('X-2')]).find('the same name')).toBeNull();
  });

  it('prints a name in the language asked for, else in English, else the id', () => {
    expect(directory.nameOf('DEU', 'es')).toBe('Alemania');
    expect(directory.nameOf('ICANN', 'fr')).toBe('Internet Corporation for Assigned Names and Numbers');
    expect(directory.nameOf('XB', 'fr')).toBe('XB');
  });

  it('knows the groups of a member', () => {
    expect(directory.groupsOf('FRA').map(({ id }) => id)).toEqual(['EU']);
    expect(directory.groupsOf('EGY').map(({ id }) => id)).toEqual(['AFRICAN-GROUP', 'AU', 'ARAB-GROUP']);
  });
});
