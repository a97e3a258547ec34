import type { Arranged } from './arrange.js';
import { decisionAsked, noticeOf, type QuestionAsked, READING_DAY } from './model.js';
import { PARTS } from './parts.js';

/** All that a caller can list, with what stands beside it; the same text for everybody, so that it is planned once. */
export const QUERY = `query (
  $day: LocalDate!, $before: Instant!, $application: ID!, $case: ID!, $figuresOf: String!, $tenant: ID!, $consent: ID!, $notice: ID!, $declaration: ID!,
  $category: String!, $action: String!
) {
  enterprises(first: 500) {
    nodes {
      uscc buildings(first: 50) { nodes { id } } inspections(first: 50) { nodes { id } }
      earlierRegistrations(first: 10) { nodes { values { field value } } }
    }
    pageInfo { hasNextPage }
  }
  buildings(first: 500) {
    nodes {
      id owner { uscc name } meters(first: 50) { nodes { id } } earlierRegistrations(first: 10) { nodes { values { field value } } }
    }
    pageInfo { hasNextPage }
  }
  meters(first: 500) {
    nodes {
      id owner { uscc name } building { id name }
      days(first: 2, from: $day, to: $day) { nodes { intervalMinutes values total } }
    }
    pageInfo { hasNextPage }
  }
  readings: meterDays(first: 500, from: $day, to: $day) {
    edges { cursor node { intervalMinutes values total } } pageInfo { hasNextPage }
  }
  audits: energyAudits(first: 500) { nodes { id building { id name } } pageInfo { hasNextPage } }
  reviews: meteringReviews(first: 500) { nodes { id } pageInfo { hasNextPage } }
  inspections(first: 500) {
    nodes { id documents(first: 5) { nodes { name } } findings(first: 5) { nodes { description } } } pageInfo { hasNextPage }
  }
  batches(first: 500) { nodes { id } pageInfo { hasNextPage } }
  packages(first: 500) { nodes { id acknowledgedAt } pageInfo { hasNextPage } }
  scopes(first: 500) { nodes { id } pageInfo { hasNextPage endCursor } }
  ${PARTS.map(({ fields }) => fields).join('')}
}`;

export function variablesOf(question: QuestionAsked, { names, before }: Arranged) {
  const { applications, cases, figuresOf, tenantAsked, consentAsked, declarationAsked } = question;
  const [wanted] = [...names].find(([id, name]) => name === cases[0] && id.startsWith('cas_')) ?? [];
  const [category, action] = decisionAsked(question).split(':');
  return {
    ...{ category, action },
    ...{
      day: READING_DAY,
      before,
      application: applications[0] ?? 'none',
      case: wanted ?? 'none',
      figuresOf,
    },
    ...{
      tenant: tenantAsked,
      consent: consentAsked,
      notice: noticeOf(consentAsked),
      declaration: declarationAsked,
    },
  };
}
