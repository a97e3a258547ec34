import { Readable } from 'node:stream';
import { bodyJson } from '../../../runtime/answers.js';
import type { BulkSession } from '../../../runtime/bulk.js';
import { fault } from '../../readings/reasons.js';
import type { RecordSink } from '../records.js';
import { textOf, type XmlElement } from '../xml.js';

/** A building as a Build.xml describes it, and the bytes that do. */
export interface DescribedBuild {
  id: string;
  element: XmlElement;
  bytes: Buffer;
}

/** What a registration is compared in; the answer of the buildings room's door `POST /registrations`. */
export interface Registration {
  id: string;
  name: string;
  area: string;
  typeCode: string;
  floorAreaM2: string | null;
  airConditionedAreaM2: string | null;
  yearBuilt: number | null;
}

/** Which element says the same as which part of the registration; numbers are compared as numbers. */
const COMPARED: Readonly<Record<string, keyof Registration>> = {
  BuildName: 'name',
  DistrictCode: 'area',
  BuildFunc: 'typeCode',
  TotalArea: 'floorAreaM2',
  AirArea: 'airConditionedAreaM2',
  BuildYear: 'yearBuilt',
};

/**
 * Reports where descriptions differ from the register, each as a record of its own. A right to send readings is none
 * to change registrations: whoever registers buildings decides what is done about it.
 */
export async function reportDifferences(
  builds: DescribedBuild[],
  session: BulkSession,
  sink: RecordSink,
): Promise<void> {
  if (builds.length === 0) return;
  const registered = await registrations(
    session,
    builds.map(({ id }) => id),
  );
  for (const { id, element, bytes } of builds) {
    const shown = JSON.stringify(id.slice(0, 20));
    const registration = registered.get(id);
    if (!registration)
      sink.refuse(
        fault('DIFFERENCE', `building ${shown} is not among those whose readings you write`),
        bytes,
      );
    else {
      const names = differing(element, registration);
      if (names.length > 0)
        sink.refuse(
          fault('DIFFERENCE', `building ${shown} is registered with another ${names.join(', ')}`),
          bytes,
        );
    }
  }
}

async function registrations(session: BulkSession, ids: string[]): Promise<Map<string, Registration>> {
  const body = Readable.from([JSON.stringify([...new Set(ids)])]);
  const answer = await session.neighbours.call('buildings', 'POST /registrations', { body });
  return new Map((await bodyJson<Registration[]>(answer)).map((found) => [found.id, found]));
}

function differing(element: XmlElement, registration: Registration): string[] {
  const info = element.children.find(({ name }) => name === 'BuildBaseInfo') ?? element;
  return Object.entries(COMPARED).flatMap(([name, property]) => {
    const said = textOf(info, name);
    if (said === undefined) return [];
    const known = registration[property];
    // Other buildings are H in the guide of 2008 and Z in the dictionary of 2009; one of them is stored.
    if (name === 'BuildFunc' && said === 'H' && known === 'Z') return [];
    const isSame =
      typeof known === 'number' || /Area|Year/.test(name)
        ? Number(said) === Number(known ?? Number.NaN)
        : said === known;
    return isSame ? [] : [name];
  });
}
