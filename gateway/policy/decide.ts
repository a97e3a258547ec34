import { isValid, refuse, type Decision, type Question } from './question.js';
import { RULES } from './rules.js';

/** Every yes and no of the hub. A permission that no scope names or no rule covers is a no. */
export function decide(question: Question): Decision {
  const { permission, purpose, now } = question;
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
  const rule = RULES.find((candidate) => candidate.covers(question));
  return rule ? rule.decide(question, serving) : refuse('no-rule', 'SCOPE_MISSING');
}
