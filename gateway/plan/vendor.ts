/** The gateway would report to its vendor every hour, and more with an account's key; it looks here once, when made. */
export function silenceVendor(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('APOLLO_')) delete process.env[name];
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
}
