import { Query, type Connection, type PoolClient, type QueryResultRow } from 'pg';

export interface LargeStatement {
  /** It is prepared once a connection. */
  name: string;
  /** `$1` are the bytes, `$2` and so on the texts. */
  text: string;
  /** In the binary form of their type. They must stay as they are until the answer has come. */
  bytes: Buffer;
  texts: string[];
}

const BIND = 66;
const IS_TEXT = 0;
const IS_BINARY = 1;

/**
 * Sends a statement whose first parameter is large straight from the memory that it stands in. The driver would copy it
 * four times into memory that is thrown away, and the collector of garbage goes through the whole heap for each 64 MB
 * of that.
 */
export async function queryLarge<Row extends QueryResultRow>(
  client: PoolClient,
  { name, text, bytes, texts }: LargeStatement,
): Promise<{ rows: Row[]; rowCount: number | null }> {
  return new Promise((resolve, reject) => {
    const query = new Query<Row>({ name, text, values: [bytes, ...texts] }, (error, result) =>
      error ? reject(error) : resolve(result),
    );
    const submit = query.submit.bind(query);
    const bind = (connection: Connection): void => {
      for (const part of bindMessage(name, bytes, texts)) connection.stream.write(part);
    };
    query.submit = (connection) =>
      submit(Object.create(connection, { bind: { value: () => bind(connection) } }) as Connection);
    client.query(query);
  });
}

/** The message of PostgreSQL's protocol in three parts: what stands before the bytes, they themselves, what follows. */
function bindMessage(name: string, bytes: Buffer, texts: string[]): Buffer[] {
  const formats = [IS_BINARY, ...texts.map(() => IS_TEXT)];
  const before = Buffer.concat([
    Buffer.from(`\0${name}\0`),
    int16s(formats.length, ...formats, formats.length),
    int32(bytes.length),
  ]);
  const after = Buffer.concat([...texts.flatMap(lengthAndText), int16s(1, IS_TEXT)]);
  const head = Buffer.from([BIND]);
  return [
    Buffer.concat([head, int32(4 + before.length + bytes.length + after.length), before]),
    bytes,
    after,
  ];
}

function lengthAndText(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  return [int32(bytes.length), bytes];
}

function int16s(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeInt16BE(value, index * 2));
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
