import { ArgsType, Directive, Field, Int, ObjectType, type ClassType } from 'type-graphql';
import type { Permission } from '../../gateway/policy/categories.js';
import { Refusal } from '../../gateway/errors.js';
import { ForAnyCaller, Guarded } from './guarded.js';

export const LARGEST_PAGE = 500;
const DEFAULT_PAGE = 20;

/** Relay's forward paging; every list is bounded. */
@ArgsType()
export class PageArguments {
  @Field(() => Int, { defaultValue: DEFAULT_PAGE, description: `How many, 1 to ${LARGEST_PAGE} (数量)` })
  first: number = DEFAULT_PAGE;

  @Field(() => String, { nullable: true, description: 'Cursor after which to go on (游标)' })
  after?: string | null;
}

@ForAnyCaller()
@Directive('@shareable')
@ObjectType({ description: 'Where a page ends (分页信息)' })
export class PageInfo {
  @Field(() => Boolean, { description: 'More follows (是否有下一页)' })
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the last entry (末尾游标)' })
  endCursor!: string | null;
}

export interface Page<T> {
  nodes: T[];
  edges: { cursor: string; node: T }[];
  pageInfo: PageInfo;
}

/** The Relay connection and edge types of a node type, guarded as the node is. */
export function connectionOf<T extends object>(
  node: ClassType<T>,
  name: string,
  guard: Permission | readonly Permission[] | 'any caller',
): ClassType<Page<T>> {
  const asNode = guard === 'any caller' ? ForAnyCaller() : Guarded(...[guard].flat());

  @asNode
  @ObjectType(`${name}Edge`, { description: `One ${name} in a list` })
  class Edge {
    @Field(() => String, { description: 'Position in the list (游标)' })
    cursor!: string;

    @Field(() => node, { description: 'The entry itself (条目)' })
    node!: T;
  }

  @asNode
  @ObjectType(`${name}Connection`, { description: `A page of ${name} (分页列表)` })
  class Connection {
    @Field(() => [node], { description: 'The entries (条目)' })
    nodes!: T[];

    @Field(() => [Edge], { description: 'The entries with their cursors (条目与游标)' })
    edges!: Edge[];

    @Field(() => PageInfo, { description: 'Where the page ends (分页信息)' })
    pageInfo!: PageInfo;
  }
  return Connection as ClassType<Page<T>>;
}

/** Cursors are opaque to clients: the list and the sort values of the entry in it, base64url of JSON. */
export function encodeCursor(list: string, values: unknown[]): string {
  return Buffer.from(JSON.stringify([list, ...values])).toString('base64url');
}

/** @throws Refusal BAD_USER_INPUT when the cursor is not one of ours, or of another list. */
export function decodeCursor(cursor: string, list: string, length: number): (string | number)[] {
  try {
    const [from, ...values] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    const isOurs = from === list && values.length === length;
    if (isOurs && values.every((value) => typeof value === 'string' || typeof value === 'number'))
      return values;
  } catch {
    // falls through to the refusal
  }
  throw new Refusal('BAD_USER_INPUT', {
    message: 'after: not a cursor of this list',
    remedy: 'Use pageInfo.endCursor.',
  });
}

/** @throws Refusal BAD_USER_INPUT when `first` is out of bounds. */
export function checkedFirst(first: number): number {
  if (Number.isInteger(first) && first >= 1 && first <= LARGEST_PAGE) return first;
  throw new Refusal('BAD_USER_INPUT', {
    message: `first: must be 1 to ${LARGEST_PAGE}, was ${first}`,
    remedy: `Ask for at most ${LARGEST_PAGE} and page with after.`,
  });
}

/** Rows of one list, fetched with one more than asked for, as a page. */
export function pageOf<T>(rows: T[], first: number, cursorOf: (row: T) => string): Page<T> {
  const nodes = rows.slice(0, first);
  const edges = nodes.map((node) => ({ node, cursor: cursorOf(node) }));
  return {
    nodes,
    edges,
    pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null },
  };
}
