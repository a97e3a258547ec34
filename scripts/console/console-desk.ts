import { execute, GraphQLError, parse } from 'graphql';
import { openAuthority } from '../../certs/authority.js';
import { certifying } from '../../gateway/certifying.js';
import { readConfig } from '../../gateway/config.js';
import { Refusal } from '../../gateway/errors.js';
import { signerOf } from '../../gateway/keys.js';
import type { Stage } from '../../gateway/policy/grant.js';
import type { Room } from '../../subgraphs/runtime/room.js';
import { asRefusal, type Session, type SessionServices } from '../../subgraphs/runtime/session.js';
import tenantsRoom from '../../subgraphs/tenants/room.js';
import { Failure } from '../client/failure.js';
import type { AdminRecord, Desk } from './desk.js';
import { openPlace } from './place.js';
import { recordActs, withLedger } from './recording.js';
import { atConsole } from './session.js';

/**
 * The desk at the machine itself: the operations of the room of tenants under the console's grant. An act is in the
 * ledger before it is committed, so that none is ever done and not recorded.
 */
export async function openConsoleDesk(home: string, stage: Stage): Promise<Desk> {
  const place = await openPlace(home, { mayPrepare: true });
  const room = await tenantsRoom.build();
  return {
    read: <Data>(query: string, variables: Record<string, unknown> = {}) =>
      atConsole(stage, place.urls, ({ session }) => run<Data>(room, session, query, variables)),
    change: async <Data>(
      mutation: string,
      variables: Record<string, unknown>,
      recorded: (data: Data) => AdminRecord[],
    ) => {
      const services = await consoleServices(home);
      return withLedger(place, stage, (ledger) =>
        atConsole(
          stage,
          place.urls,
          async ({ session }) => {
            const data = await run<Data>(room, session, mutation, variables);
            await recordActs(ledger, recorded(data));
            return data;
          },
          services,
          ledger.checkpoint(),
        ),
      );
    },
    close: () => place.close(),
  };
}

/** What the hub would do for its rooms: the console has its home, and with it its keys. */
async function consoleServices(home: string): Promise<SessionServices> {
  const authority = await openAuthority(home, { mayFound: false });
  const sign = signerOf(await authority.signingCredentials());
  const { periods, disclosureRules } = readConfig(process.env);
  return { sign, periods, disclosureRules, ...certifying(authority) };
}

async function run<Data>(
  room: Room,
  session: Session,
  operation: string,
  variableValues: Record<string, unknown>,
): Promise<Data> {
  const contextValue = room.context(session);
  const document = parse(operation);
  const { data, errors } = await execute({ schema: room.schema, document, contextValue, variableValues });
  if (errors?.[0]) throw asFailure(errors[0]);
  return data as Data;
}

function asFailure(error: GraphQLError): unknown {
  const cause = asRefusal(error.originalError ?? error);
  // A variable that does not have its form is the caller's to mend; anything else without a refusal is a fault.
  const refusal = cause === error ? new Refusal('BAD_USER_INPUT', { message: error.message }) : cause;
  if (!(refusal instanceof Refusal)) return refusal;
  const { code, message, remedy, rule } = refusal;
  return new Failure({ code, message, remedy, rule }, { cause: error });
}
