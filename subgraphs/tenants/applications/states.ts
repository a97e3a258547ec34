import type { Action } from '../../../gateway/policy/categories.js';

/** Where an application stands; the order is that of an application which nothing goes wrong with. */
export const STATES = {
  DRAFT: '草稿',
  SUBMITTED: '已提交',
  PROTOCOL_REVIEW: '接口协议审核',
  SECURITY_REVIEW: '技术安全审核',
  APPROVED_TEST: '批准测试对接',
  TESTING: '测试传输中',
  STABLE: '传输稳定',
  APPROVED_FORMAL: '批准正式对接',
  CONNECTED: '已正式对接',
  RETURNED: '退回修改',
  SUSPENDED: '暂停',
  WITHDRAWN: '已撤回',
} as const;
export type State = keyof typeof STATES;

/** What somebody does to an application; each is one event, kept for ever. */
export const ACTS = {
  AMEND: '变更申请',
  SUBMIT: '提交申请',
  TAKE_UP: '受理接口协议审核',
  PASS_PROTOCOL: '接口协议审核通过',
  PASS_SECURITY: '技术安全审核通过',
  RETURN: '退回',
  APPROVE_TEST: '批准测试对接',
  BEGIN_TEST: '开始测试传输',
  CONFIRM_STABLE: '确认传输稳定',
  REOPEN_TEST: '重新测试',
  WAIVE: '豁免要求',
  APPROVE_FORMAL: '批准正式对接',
  CONNECT: '正式接入',
  SUSPEND: '暂停',
  RESUME: '恢复',
  WITHDRAW: '撤回',
} as const;
export type Act = keyof typeof ACTS;

/** In which office a tenant acts: the scope of `applications` that it takes. Seed 003, annexes 3 to 6, names them. */
export const OFFICES = {
  /** The competent authority that applies. */
  write: '节能主管部门（申请）',
  review_protocol: '国家节能中心（接口协议审核）',
  review_security: '国家信息中心（技术安全审核）',
  approve: '环资司（审批）',
} as const satisfies Partial<Record<Action, string>>;
export type Office = keyof typeof OFFICES;

export interface Transition {
  act: Act;
  from: State;
  to: State;
  office: Office;
  /** Opinions on the present version that must have been given since `since`. */
  needs?: readonly Act[];
  since?: Act;
}

const step = (
  act: Act,
  office: Office,
  from: readonly State[],
  to: State | 'the same',
  rest: Pick<Transition, 'needs' | 'since'> = {},
): Transition[] =>
  from.map((state) => ({ act, office, from: state, to: to === 'the same' ? state : to, ...rest }));

const OPINIONS = ['PASS_PROTOCOL', 'PASS_SECURITY'] as const;
/** After the approval for TEST: the tenant is known to the hub. */
export const ADMITTED = ['APPROVED_TEST', 'TESTING', 'STABLE', 'APPROVED_FORMAL'] as const;
const BEFORE_APPROVAL = ['DRAFT', 'SUBMITTED', 'PROTOCOL_REVIEW', 'SECURITY_REVIEW', 'RETURNED'] as const;

/**
 * Every step there is (seed 003, annexes 1 and 2: first test, then connect). The database holds the same table and
 * refuses all else; the drawing in the README is compared with it.
 */
export const TRANSITIONS: readonly Transition[] = [
  // Between an approval and what follows it nothing changes, least of all the key to be certified.
  ...step('AMEND', 'write', ['DRAFT', 'RETURNED', 'TESTING', 'STABLE', 'CONNECTED'], 'the same'),
  ...step('SUBMIT', 'write', ['DRAFT', 'RETURNED'], 'SUBMITTED'),
  ...step('TAKE_UP', 'review_protocol', ['SUBMITTED'], 'PROTOCOL_REVIEW'),
  ...step('PASS_PROTOCOL', 'review_protocol', ['PROTOCOL_REVIEW'], 'SECURITY_REVIEW'),
  ...step('PASS_SECURITY', 'review_security', ['SECURITY_REVIEW'], 'the same'),
  ...step('RETURN', 'review_protocol', ['SUBMITTED', 'PROTOCOL_REVIEW'], 'RETURNED'),
  ...step('RETURN', 'review_security', ['SECURITY_REVIEW'], 'RETURNED'),
  ...step('RETURN', 'approve', ['SECURITY_REVIEW'], 'RETURNED'),
  ...step('APPROVE_TEST', 'approve', ['SECURITY_REVIEW'], 'APPROVED_TEST', {
    needs: OPINIONS,
    since: 'SUBMIT',
  }),
  ...step('BEGIN_TEST', 'review_protocol', ['APPROVED_TEST'], 'TESTING'),
  ...step('CONFIRM_STABLE', 'review_protocol', ['TESTING'], 'STABLE'),
  ...step('PASS_PROTOCOL', 'review_protocol', ['STABLE'], 'the same'),
  ...step('PASS_SECURITY', 'review_security', ['STABLE'], 'the same'),
  ...step('REOPEN_TEST', 'review_protocol', ['STABLE'], 'TESTING'),
  ...step('REOPEN_TEST', 'review_security', ['STABLE'], 'TESTING'),
  ...step('REOPEN_TEST', 'approve', ['STABLE'], 'TESTING'),
  ...step('WAIVE', 'approve', ['TESTING', 'STABLE'], 'the same'),
  ...step('APPROVE_FORMAL', 'approve', ['STABLE'], 'APPROVED_FORMAL', {
    needs: OPINIONS,
    since: 'CONFIRM_STABLE',
  }),
  ...step('CONNECT', 'approve', ['APPROVED_FORMAL'], 'CONNECTED'),
  ...step('SUSPEND', 'approve', [...ADMITTED, 'CONNECTED'], 'SUSPENDED'),
  // Only that one is taken which leads back to where it was.
  ...[...ADMITTED, 'CONNECTED' as const].flatMap((state) => step('RESUME', 'approve', ['SUSPENDED'], state)),
  ...step('WITHDRAW', 'write', BEFORE_APPROVAL, 'WITHDRAWN'),
  // The authority asks by letter; who approved it undoes what the approval did.
  ...step('WITHDRAW', 'approve', [...ADMITTED, 'SUSPENDED'], 'WITHDRAWN'),
];

/** Whose opinion is in writing whatever it is: no office says no without a reason. */
export const NEEDS_OPINION: ReadonlySet<Act> = new Set<Act>([
  'PASS_PROTOCOL',
  'PASS_SECURITY',
  'RETURN',
  'REOPEN_TEST',
  'WAIVE',
  'SUSPEND',
  'WITHDRAW',
]);

/** In which states an amendment may change everything; in others only the list of units, papers and certificates. */
export const IS_OPEN: ReadonlySet<State> = new Set<State>(['DRAFT', 'RETURNED']);

/** The step, or undefined where this office may not do this here. `before` is where it was suspended from. */
export function stepOf(act: Act, from: State, office: Office, before: State | null): Transition | undefined {
  return TRANSITIONS.find(
    (one) =>
      one.act === act &&
      one.from === from &&
      one.office === office &&
      (act !== 'RESUME' || one.to === before),
  );
}
