import {
  lockDrift,
  namingFaults,
  nextLock,
  readLock,
  writeLock,
} from '../../scripts/checks/migrations-lock.js';

const sets = (...names: string[]) => [
  { room: 'attic', migrations: names.map((name) => ({ name, sql: `select '${name}'` })) },
];
const changed = [{ room: 'attic', migrations: [{ name: '001-box', sql: 'select 2' }] }];

test('a released step that changed or went cannot be locked again', () => {
  const released = nextLock(new Map(), sets('001-box'), true);
  expect(() => nextLock(released, changed, false)).toThrow('released step attic/001-box was changed');
  expect(() => nextLock(released, sets(), true)).toThrow('released step attic/001-box is gone');
});

test('a draft may change, and the check finds it until it is locked again', () => {
  const draft = nextLock(new Map(), sets('001-box'), false);
  expect(lockDrift(draft, changed)).toEqual(['draft step attic/001-box was changed']);
  expect(lockDrift(nextLock(draft, changed, false), changed)).toEqual([]);
});

test('a step that is new is found; what was released before stays so beside it', () => {
  const released = nextLock(new Map(), sets('001-box'), true);
  const more = sets('001-box', '002-lid');
  expect(lockDrift(released, more)).toEqual(['step attic/002-lid is not in schema/migrations.lock']);
  expect([...nextLock(released, more, false).values()].map(({ state }) => state)).toEqual([
    'released',
    'draft',
  ]);
});

test('it is read as it was written, and nothing else is', () => {
  const lock = nextLock(new Map(), sets('001-box', '002-lid'), true);
  expect(readLock(writeLock(lock))).toEqual(lock);
  expect(() => readLock('attic/001-box released 12')).toThrow('not a line of it');
});

test('names say the order, each once', () => {
  expect(namingFaults(sets('001-box', '003-lid', '002-key'))).toEqual([
    'attic/002-key runs after 003, so its name must begin with more',
  ]);
  expect(namingFaults(sets('001-box', '001-box'))).toHaveLength(1);
  expect(namingFaults(sets('001-box', 'lid'))).toHaveLength(1);
  expect(namingFaults([...sets(), ...sets()])).toEqual(['attic has two sets of steps']);
  expect(namingFaults(sets('001-box', '002-lid'))).toEqual([]);
});
