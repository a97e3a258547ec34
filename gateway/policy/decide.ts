import { declaredPurposes } from './purposes.js';
import { isValid, refuse, type Decision, type Question } from './question.js';
import { RULES } from './rules.js';

/**
 * Every yes and no of the hub. A purpose that is not declared and approved (seed 000, article 12), a permission that no
 * scope names, and what no rule covers are a no. What is a duty needs neither purpose nor scope.
 */
export function decide(question: Question): Decision {
  const { permission, purpose, now } = question;
  const rule = RULES.find((candidate) => candidate.covers(question));
  if (rule?.isDuty) return rule.decide(question, []);
  if (!declaredPurposes(question.declarations, now).includes(purpose)) {
    const reason = `The tenant has no approved declaration of ${purpose} that is valid now.`;
    return refuse('purpose/declared', 'PURPOSE_NOT_DECLARED', [], reason);
  }
  const named = question.scopes.filter(
    (scope) => `${scope.category}:${scope.action}` === permission && isValid(scope, now),
  );
  if (named.length === 0)
    return refuse('scope/named', 'SCOPE_MISSING', [], `No valid scope for ${permission}.`);
  const serving = named.filter((scope) => scope.purposes.includes(purpose));
  if (serving.length === 0) {
    const served = [...new Set(named.flatMap(({ purposes }) => purposes))].join(', ');
    return refuse(
      'scope/purpose',
      'PURPOSE_NOT_ALLOWED',
      named,
      `${permission} is allowed for ${served}, not for ${purpose}.`,
    );
  }
  return rule ? rule.decide(question, serving) : refuse('no-rule', 'SCOPE_MISSING');
}
