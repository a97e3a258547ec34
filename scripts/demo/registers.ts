import type { HubClient } from '../client/hub-client.js';
import type { DemoCity } from './city.js';

interface Standing {
  meters: { nodes: { id: string; devices: { nodes: { id: string }[] } }[] };
}

/** Appliances and their certificates, as the district that reads the meters has them. */
export async function recordCertificates(
  client: HubClient,
  { certificates }: Pick<DemoCity, 'certificates'>,
  area: string,
): Promise<void> {
  const known = '{ calibrationsEnding(withinDays: 3650, first: 1) { nodes { id } } }';
  const { calibrationsEnding } = await client.ask<{ calibrationsEnding: { nodes: object[] } }>(known);
  if (calibrationsEnding.nodes.length > 0) return;
  const { meters } = await client.ask<Standing>(
    '{ meters(first: 500) { nodes { id devices(first: 1) { nodes { id } } } } }',
  );
  const standing = new Map(meters.nodes.map(({ id, devices }) => [id, devices.nodes[0]?.id]));
  const mine = certificates.filter((certificate) => certificate.area === area);
  const missing = mine.filter(({ meter }) => !standing.get(meter));
  const { installed } = await client.ask<{ installed: { id: string; meter: { id: string } }[] }>(
    `mutation ($rows: [InstallationInput!]!) { installed: installDevices(installations: $rows) { id meter { id } } }`,
    {
      rows: missing.map(({ meter, installedAt, serialNumber, instrument }) => ({
        meterId: meter,
        installedAt,
        device: { serialNumber, instrument },
      })),
    },
  );
  for (const { id, meter } of installed) standing.set(meter.id, id);
  await client.ask(
    'mutation ($rows: [CalibrationInput!]!) { recordCalibrations(calibrations: $rows) { id } }',
    {
      rows: mine.map(({ meter, certificateNumber, organ, calibratedOn, validUntil }) => ({
        deviceId: standing.get(meter),
        certificateNumber,
        organ,
        calibratedOn,
        validUntil,
      })),
    },
  );
}

/** Plans to connect key units, as the district's organ would tell them; once. */
export async function planAccess(
  client: HubClient,
  { accessPlans }: Pick<DemoCity, 'accessPlans'>,
  area: string,
): Promise<void> {
  const { accessPlans: known } = await client.ask<{ accessPlans: { nodes: object[] } }>(
    '{ accessPlans(first: 1) { nodes { uscc } } }',
  );
  if (known.nodes.length > 0) return;
  const plans = accessPlans.filter((plan) => plan.area === area).map(({ area: _, ...plan }) => plan);
  await client.ask('mutation ($plans: [AccessPlanInput!]!) { planAccess(plans: $plans) { uscc } }', {
    plans,
  });
}
