import type { Part } from './part.js';

/** How far key units have come: measured from enterprises and meters, so there is nothing to put in. */
export const progress: Part = {
  tables: [],
  plant: () => Promise.resolve(),
  fields: `
  progress: accessUnits(first: 500) { nodes { uscc gateMeters } pageInfo { hasNextPage } }
  figuresOfProgress: accessProgress(first: 500) {
    nodes { area unitClass connected toConnect } pageInfo { hasNextPage }
  }
  reportsDue: accessReportsDue(first: 500) { nodes { area units } pageInfo { hasNextPage } }`,
  tell(answer) {
    answer.list<Unit>('progress', ({ uscc, gateMeters }) => `${uscc} ${gateMeters} gates`);
    answer.list<Figures>(
      'figuresOfProgress',
      // There is one class; by area over all classes says the same.
      ({ area, unitClass, connected, toConnect }) =>
        unitClass === null ? undefined : `${area} ${connected} of ${toConnect}`,
      'progress by area',
    );
    answer.list<Due>('reportsDue', ({ area, units }) => `${area} ${units}`, 'progress reports due');
  },
};

interface Unit {
  uscc: string;
  gateMeters: number;
}

interface Figures {
  area: string;
  unitClass: string | null;
  connected: number;
  toConnect: number;
}

interface Due {
  area: string;
  units: number;
}
