const CORRECTION = 'lies where the correction lies, which has to be seen before';
const BY_HAND = 'lies where the request lies, which has to be seen before';
const PACKAGE = 'belongs to whom its package belongs to, and is looked for together with it';
const CONSENT = 'says whom and where its consent says, and is reached through that alone';
const APPLICATION = 'is reached through its application alone, and asks for that itself';
const CASE = 'lies where its case lies, and is reached through that alone';
const VIEW = 'rooms read the view that coarsens it, which has a policy of its own';
const STATISTICS = 'is read of editions, which have to be seen before';
const METER = 'lies where its meter lies, and is reached through that alone';
const INSPECTION = 'lies where its inspection lies, and is reached through that alone';

/**
 * Policies that no answer can show to be open, and why: what they guard is reached only through what another policy
 * has let through before. `npm run worlds -- --sweep` asks for a reason for each policy that it does not see, and
 * says which of these it does see after all.
 */
export const SECOND_WALLS: Readonly<Record<string, string>> = {
  'audits.applied_correction reading': CORRECTION,
  'inspections.applied_correction reading': CORRECTION,
  'corrections.event reading': CORRECTION,
  'corrections.correction reading':
    'rooms read visible_correction; of the table only what expires, as the hub',
  'corrections.break_glass reading':
    'rooms read visible_break_glass; of the table only what expires, as the hub',
  'corrections.break_glass_event reading': BY_HAND,
  'corrections.break_glass_snapshot reading': 'evidence that no door and no field reads',
  'enterprises.access_plan reading': 'is read joined to its enterprise, which has to be seen',
  'exchange.acknowledgement reading': PACKAGE,
  'exchange.package_disclosure reading': PACKAGE,
  'exchange.package_part reading': PACKAGE,
  'inspections.document reading': INSPECTION,
  'inspections.finding reading': INSPECTION,
  'metering.applied_correction reading': CORRECTION,
  'metering.calibration reading': METER,
  'metering.case_event reading': CASE,
  'metering.case_finding reading': CASE,
  'metering.day_block reading':
    'rooms read visible_day; of the table only who writes or estimates a day, of meters that it may',
  'metering.day_block_superseded reading': VIEW,
  'metering.device reading': METER,
  'metering.estimate_day reading': VIEW,
  'metering.metered_place_superseded reading': 'evidence that no door and no field reads',
  'metering.quarantined_line reading': 'belongs to whom its batch belongs to, which has to be seen before',
  'metering.register_day_superseded reading': 'evidence that no door and no field reads',
  'metering.reported_month reading': 'is read back by whoever writes it alone, of meters that it may write',
  'metering.statistics_cell reading': STATISTICS,
  'metering.statistics_contribution reading':
    'is read of the edition before, by whoever publishes the next one',
  'metering.statistics_distribution reading': STATISTICS,
  'tenants.application_certificate reading': APPLICATION,
  'tenants.application_event reading': APPLICATION,
  'tenants.certificate_approval own': 'is reached through its tenant alone, and lies where that lies',
  'tenants.certificate_approval reading': 'is reached through its tenant alone, and lies where that lies',
  'tenants.certificate_notice reading': 'is reached through its certificate alone, and asks for that itself',
  'tenants.consent_event reading': CONSENT,
  'tenants.consent_event received': CONSENT,
  'tenants.erasure_acknowledgement reading':
    'says whom and where its notice says, and is reached through that alone',
  'tenants.erasure_acknowledgement received':
    'says whom and where its notice says, and is reached through that alone',
  'tenants.purpose_event reading': 'is reached through its declaration alone, and asks for that itself',
};
