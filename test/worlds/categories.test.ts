import { actionsOf, CATEGORIES, type Category, SUBJECT_CATEGORIES } from '../../gateway/policy/categories.js';
import { OWN_CATEGORIES, PERMISSIONS, SUBJECT_CATEGORIES as ABOUT_SUBJECTS } from './generate/categories.js';

/** Packages are given along with readings; erasures are owed. */
const GIVEN_BY_THE_WAY = ['packages', 'erasures'];

test('the worlds know every category of the hub, and what may be done with each', () => {
  const permissions = (Object.keys(CATEGORIES) as Category[]).flatMap((category) =>
    actionsOf(category).map((action) => `${category}:${action}`),
  );

  expect(PERMISSIONS.toSorted()).toEqual(permissions.toSorted());
});

test('scopes are given for every category, and consents to everything that is about subjects', () => {
  expect([...ABOUT_SUBJECTS, ...OWN_CATEGORIES, ...GIVEN_BY_THE_WAY].toSorted()).toEqual(
    Object.keys(CATEGORIES).toSorted(),
  );
  expect(ABOUT_SUBJECTS.toSorted()).toEqual(SUBJECT_CATEGORIES.toSorted());
});
