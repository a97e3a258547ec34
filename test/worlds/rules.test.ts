import { sourcesIn } from '../sources.js';

test('the rules and what they come to are written without any code of the hub', () => {
  const written = ['rules', 'rulings', 'oracle', 'words', 'model'].map((name) => `test/worlds/${name}.ts`);
  const loaded = sourcesIn(['test'])
    .filter(({ path }) => written.includes(path))
    .flatMap(({ imports }) => imports.filter(({ isType }) => !isType).map(({ of }) => of));

  expect(loaded.length).toBeGreaterThan(0);
  expect(loaded.filter((name) => !written.includes(name))).toEqual([]);
});
