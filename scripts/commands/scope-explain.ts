import { type Command, Option } from 'commander';
import { ACTIONS } from '../../gateway/policy/categories.js';
import type { Outcome } from '../client/output.js';
import { addDeskOptions, atDesk, type Desk, type DeskOptions } from '../console/desk.js';
import { fields } from '../console/table.js';

interface ExplainOptions extends DeskOptions {
  tenant?: string;
  category: string;
  action: string;
  for?: string;
  subject?: string;
  area?: string;
}

interface Decision {
  permission: string;
  allowed: boolean;
  rule: string;
  code: string | null;
  reason: string;
  remedy: string | null;
  scopes: string[];
  consents: string[];
  areas: string[];
  subjects: string[];
}

const QUERY = `query ($tenant: ID, $category: String!, $action: String!, $purpose: String, $subject: ID, $area: String) {
  accessDecision(
    tenant: $tenant, category: $category, action: $action, purpose: $purpose, subject: $subject, area: $area
  ) { permission allowed rule code reason remedy scopes consents areas subjects }
}`;

/** `hub scope explain`; a "no" ends with status 1, so that scripts can ask too. */
export function addExplain(scope: Command): void {
  addDeskOptions(scope.command('explain'))
    .description('say whether a tenant may, by which rule, and what would change it; exit status 1 for a no')
    .option('--tenant <tenant>', 'whose access (default: your own)')
    .requiredOption('--category <name>', 'category of data')
    .addOption(new Option('--action <action>', 'what it would do').choices(ACTIONS).default('read'))
    .option('--for <purpose>', 'for which purpose (default: that of your own request)')
    .option('--subject <code>', 'about which enterprise: unified social credit code')
    .option('--area <code>', 'where that enterprise or building lies: GB/T 2260 code')
    .action((options: ExplainOptions) => atDesk(options, explain));
}

async function explain(desk: Desk, options: ExplainOptions): Promise<Outcome> {
  const { tenant = null, category, action, for: purpose = null, subject = null, area = null } = options;
  const variables = { tenant, category, action, purpose, subject, area };
  const { accessDecision: decision } = await desk.read<{ accessDecision: Decision }>(QUERY, variables);
  const { permission, allowed, rule, code, reason, remedy, scopes, consents, areas, subjects } = decision;
  const about = subject ?? area;
  const text = [
    `${tenant ?? 'You'} may${allowed ? '' : ' NOT'}: ${permission}${purpose ? ` for ${purpose}` : ''}${about ? ` about ${about}` : ''}`,
    ...fields([
      ['  Why', reason],
      ['  Rule', rule],
      ['  Code', code],
      ['  Remedy', remedy],
      ['  Areas', areas.map((prefix) => prefix || 'everywhere').join(', ')],
      ['  Subjects', subjects.join(', ')],
      ['  Scopes', scopes.join(', ')],
      ['  Consents', consents.join(', ')],
    ]),
  ];
  return { json: decision, text, isFailure: !allowed };
}
