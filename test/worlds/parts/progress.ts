import type { PoolClient } from 'pg';
import { insert } from '../insert.js';
import { type PolicyWorld, REPORTED_QUARTER } from '../model.js';
import { planText } from '../oracle/progress.js';
import type { Part } from './part.js';

/** How far key units have come, measured from enterprises and meters; what was planned and handed in. */
export const progress: Part = {
  tables: ['enterprises.access_report'],
  plant,
  fields: `
  progress: accessUnits(first: 500) { nodes { uscc gateMeters } pageInfo { hasNextPage } }
  figuresOfProgress: accessProgress(first: 500) {
    nodes { area unitClass connected toConnect } pageInfo { hasNextPage }
  }
  reportsDue: accessReportsDue(first: 500) { nodes { area units } pageInfo { hasNextPage } }
  plans: accessPlans(first: 500) { nodes { uscc organ } pageInfo { hasNextPage } }
  report: accessReport(area: $figuresOf, quarter: "${REPORTED_QUARTER}") {
    total { toConnect } versions(first: 5) { nodes { area supervision } }
  }`,
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
    answer.list<{ uscc: string; organ: string }>('plans', planText, 'progress plans');
    const report = answer.value<Report>('report');
    answer.told['progress report'] = report
      ? [report.total.toConnect, ...report.versions.nodes.map(({ area, supervision }) => `${area} ${supervision}`)].join(' ') // prettier-ignore
      : answer.refusalAt('report');
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

interface Report {
  total: { toConnect: number };
  versions: { nodes: { area: string; supervision: string }[] };
}

async function plant(owner: PoolClient, { enterprises, reports }: PolicyWorld): Promise<void> {
  const planned = enterprises.filter(({ unitClass }) => unitClass);
  await insert(
    owner,
    'enterprises.access_plan',
    'uscc text, planned_on date, organ text',
    planned.map(({ uscc, name }) => ({ uscc, planned_on: '2030-01-01', organ: name })),
  );
  const said = {
    supervision: 'none',
    problems: 'none',
    suggestions: 'none',
    figures: [],
    due_on: '2030-01-01',
  };
  await insert(
    owner,
    'enterprises.access_report',
    'area text, quarter text, supervision text, problems text, suggestions text, figures jsonb, due_on date',
    reports.map((area) => ({ area, quarter: REPORTED_QUARTER, ...said })),
  );
}
