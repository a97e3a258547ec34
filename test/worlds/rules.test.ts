import { sourcesIn } from '../sources.js';

test('the rules and what they come to are written without any code of the hub', () => {
  const sources = sourcesIn(['test']);
  const written = [
    ...['rules', 'places', 'purposes', 'rulings', 'oracle', 'words', 'model', 'meters'].map(
      (name) => `test/worlds/${name}.ts`,
    ),
    ...sources.map(({ path }) => path).filter((path) => path.startsWith('test/worlds/oracle/')),
  ];
  const loaded = sources
    .filter(({ path }) => written.includes(path))
    .flatMap(({ imports }) => imports.filter(({ isType }) => !isType).map(({ of }) => of));

  expect(loaded.length).toBeGreaterThan(0);
  expect(loaded.filter((name) => !written.includes(name))).toEqual([]);
});
