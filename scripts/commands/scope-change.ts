import type { Command } from 'commander';
import { fault } from '../client/failure.js';
import type { Outcome } from '../client/output.js';
import { addDeskOptions, atDesk, type Desk, type DeskOptions } from '../console/desk.js';
import { instant, listed } from '../console/instants.js';
import { SCOPE_FIELDS, type ScopeRow, scopeTable } from './scope-rows.js';

interface ChangeOptions extends DeskOptions {
  area?: string;
  for?: string[];
  energyKind?: string[];
  allKinds?: boolean;
  buildingType?: string[];
  allTypes?: boolean;
  until?: string;
  open?: boolean;
}

/** `hub scope change`; what is not named stays as it is. */
export function addChange(scope: Command): void {
  addDeskOptions(scope.command('change'))
    .description('put another scope in the place of one, at one instant; what is not named stays as it is')
    .argument('<scope>', 'its identifier, scp_…')
    .option('--area <code>', 'GB/T 2260 code')
    .option('--for <purpose...>', 'purposes that it serves', listed)
    .option('--energy-kind <code...>', 'only these energy kinds, two digits', listed)
    .option('--all-kinds', 'all energy kinds')
    .option('--building-type <letter...>', 'only these building types', listed)
    .option('--all-types', 'all building types')
    .option('--until <time>', 'when it ends: the start of a day in China, or an instant', instant)
    .option('--open', 'no end')
    .action((id: string, options: ChangeOptions) => atDesk(options, (desk) => change(desk, id, options)));
}

async function change(desk: Desk, id: string, options: ChangeOptions): Promise<Outcome> {
  const to = changeOf(options);
  if (Object.keys(to).length === 0) throw fault('USAGE', 'Say what is to change: hub help scope change.');
  const { changeScope } = await desk.change<{ changeScope: ScopeRow }>(
    `mutation ($id: ID!, $to: ScopeChange!) { changeScope(id: $id, to: $to) { ${SCOPE_FIELDS} } }`,
    { id, to },
    (data) => [{ act: 'SCOPE_CHANGED', object: data.changeScope.id }],
  );
  return {
    json: { scope: changeScope },
    text: [`Ended ${id}, put in its place`, ...scopeTable([changeScope])],
  };
}

function changeOf(options: ChangeOptions): Record<string, unknown> {
  const { area, for: purposes, energyKind, allKinds, buildingType, allTypes, until, open } = options;
  return {
    ...(area !== undefined && { area }),
    ...(purposes && { purposes }),
    ...either('energyKinds', energyKind, allKinds, '--energy-kind', '--all-kinds'),
    ...either('buildingTypes', buildingType, allTypes, '--building-type', '--all-types'),
    ...either('validTo', until, open, '--until', '--open'),
  };
}

/** A limit, its lifting, or neither. */
function either(
  name: string,
  value: unknown,
  isLifted: boolean | undefined,
  ...options: [string, string]
): Record<string, unknown> {
  if (value !== undefined && isLifted) throw fault('USAGE', `${options.join(' and ')} exclude each other.`);
  if (isLifted) return { [name]: null };
  return value === undefined ? {} : { [name]: value };
}
