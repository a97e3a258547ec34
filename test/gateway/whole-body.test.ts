import { Readable } from 'node:stream';
import { wholeBody } from '../../gateway/whole-body.js';

/** What the front door hands on of a body over HTTP/2. */
const handedOn = async (body: string, length?: string): Promise<string> => {
  const request = {
    raw: { httpVersionMajor: 2 },
    body: Readable.from([body]),
    headers: { 'content-length': length },
  };
  const pieces = await wholeBody(request as never).toArray();
  return pieces.map(String).join('');
};

test('a body over HTTP/2 that is shorter or longer than was said breaks', async () => {
  await expect(handedOn('{"meter"', '20')).rejects.toThrow('left');
  await expect(handedOn('{"meter"', '7')).rejects.toThrow('left');
});

test('a body over HTTP/2 whose length was not said is refused; a whole one is handed on', async () => {
  await expect(handedOn('{}')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  expect(await handedOn('{}', '2')).toBe('{}');
});
