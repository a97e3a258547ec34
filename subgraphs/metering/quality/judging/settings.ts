/** What the rules that judge at ingest compare with, of one edition. Decimals as text are exact. */
export interface IngestSettings {
  edition: number;
  negativeLimit: string;
  stuckCount: number;
  jumpTimes: string;
  physicalShare: string;
  zeroMinutes: number;
  driftSeconds: number;
  lateHours: number;
}

/** Answers an edition, the one in force by default, and its parameters as `RULE.name` → decimal. */
export const SETTINGS_SQL = `
  select edition, jsonb_object_agg(rule || '.' || name, value::text) as settings from metering.quality_value
  where edition = coalesce($1, (select number from metering.quality_edition where status = 'ADOPTED'))
  group by edition`;

export interface SettingsRow {
  edition: number;
  settings: Record<string, string>;
}

export function settingsOf({ edition, settings }: SettingsRow): IngestSettings {
  const text = (name: string): string => {
    const value = settings[name];
    if (value === undefined) throw new Error(`edition ${edition} says nothing of ${name}`);
    return value;
  };
  const count = (name: string): number => Math.ceil(Number(text(name)));
  return {
    edition,
    negativeLimit: text('NEGATIVE.limit'),
    stuckCount: count('STUCK.count'),
    jumpTimes: text('JUMP.times'),
    physicalShare: text('OVER_PHYSICAL_LIMIT.share'),
    zeroMinutes: count('ZERO_RUN.minutes'),
    driftSeconds: Number(text('CLOCK_DRIFT.seconds')),
    lateHours: Number(text('LATE.hours')),
  };
}
