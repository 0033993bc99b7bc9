/**
 * Makes countries.json: `node resources/delegations/make-countries.mjs FOLDER`, FOLDER an unpacked npm package
 * `cldr-core`. Codes and the membership of the United Nations come from its supplemental data, the names in the six
 * languages from the CLDR data in this Node's `Intl.DisplayNames`. Run again when either has a newer version, and read
 * the difference: a name or a member that changed is news to be checked, not a formality.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Give the folder of an unpacked cldr-core.');
const supplemental = (name) =>
  JSON.parse(readFileSync(join(folder, 'supplemental', `${name}.json`), 'utf8')).supplemental;
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const { codeMappings } = supplemental('codeMappings');
const { territoryContainment } = supplemental('territoryContainment');

const languages = ['ar', 'zh', 'en', 'fr', 'ru', 'es'];
const displayNames = Object.fromEntries(
  languages.map((language) => [language, new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })]),
);
const members = new Set(territoryContainment.UN._contains);

/** The territories of a region, through its regions. */
function territoriesIn(region) {
  const inner = territoryContainment[region]?._contains ?? [];
  return inner.flatMap((each) => (/^[A-Z]{2}$/.test(each) ? [each] : territoriesIn(each)));
}
const world = new Set(territoriesIn('001'));

const countries = Object.entries(codeMappings)
  // ISO 3166-1 proper has M49 numbers below 900; what CLDR adds of its own has none or a private one.
  .filter(([code, { _numeric, _alpha3 }]) => world.has(code) && _alpha3 !== undefined && Number(_numeric) < 900)
  .map(([code, { _alpha3 }]) => ({
    code,
    alpha3: _alpha3,
    un: members.has(code),
    names: Object.fromEntries(languages.map((language) => [language, displayNames[language].of(code)])),
  }))
  .sort((a, b) => (a.alpha3 < b.alpha3 ? -1 : 1));

const alpha3 = (codes) => countries.filter(({ code }) => codes.includes(code)).map((country) => country.alpha3);
const inRegion = (region) => alpha3(territoriesIn(region).filter((code) => members.has(code)));

const lines = countries.map((country) => `    ${JSON.stringify(country)}`);
const header = {
  source:
    `Codes, membership of the United Nations, of the European Union and of the M49 regions: Unicode CLDR ${version} ` +
    `(supplemental data). Names: Unicode CLDR ${process.versions.cldr}, as in Intl.DisplayNames. Unicode License v3.`,
  regions: { EU: alpha3(territoryContainment.EU._contains), '002': inRegion('002'), 419: inRegion('419') },
};
const [open] = JSON.stringify(header, null, 2).split(/\n\}$/);
const file = new URL('countries.json', import.meta.url);
writeFileSync(file, `${open},\n  "countries": [\n${lines.join(',\n')}\n  ]\n}\n`);
console.log(countries.length, 'countries,', countries.filter(({ un }) => un).length, 'members of the United Nations');
