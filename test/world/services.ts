import type { RoomServices } from '../../subgraphs/runtime/services.js';

const refusal = (): Promise<never> => Promise.reject(new Error('this test gives its room no such service'));

/** For rooms whose tests need no signature and no certificate; what asks for one fails. */
export const noServices: RoomServices = {
  sign: refusal,
  certify: refusal,
  readRequest: refusal,
  revokeIssued: refusal,
  periods: { consentAnswer: 30, erasure: 30, statisticsDay: 10 },
  disclosureRules: { fewestSubjects: 3, pPercent: 10, largestSharePercent: 85 },
  fault: (error) => String(error),
};
