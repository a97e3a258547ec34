/**
 * Policies that no answer can show to be open, and why: what they guard is reached only through what another policy
 * has let through before. `npm run worlds -- --sweep` asks for a reason for each policy that it does not see, and
 * says which of these it does see after all.
 */
export const SECOND_WALLS: Readonly<Record<string, string>> = {};
