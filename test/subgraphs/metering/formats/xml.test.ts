import fc from 'fast-check';
import { parseXml, XmlReader, type XmlElement } from '../../../../subgraphs/metering/formats/xml.js';

const BOUNDS = { depth: 8, elements: 100, attributes: 4 };

const read = (xml: string | Buffer): XmlElement => parseXml(Buffer.from(xml as string), BOUNDS);

const BOMB = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;">]><a>&lol2;</a>`;
const EXTERNAL = `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`;
const PARAMETER = `<!DOCTYPE a SYSTEM "http://localhost/evil.dtd"><a/>`;

test.each([
  ['an entity bomb', BOMB, /document type/],
  ['an external entity', EXTERNAL, /document type/],
  ['an external document type', PARAMETER, /document type/],
  ['an entity that nobody declared', '<a>&secret;</a>', /not well-formed/],
  ['an entity of HTML', '<a>&nbsp;</a>', /not well-formed/],
  [
    'what nests deeper than the bound',
    '<a>'.repeat(9) + '</a>'.repeat(9),
    /more than 8 elements inside one another/,
  ],
  ['more elements than the bound', `<a>${'<b/>'.repeat(100)}</a>`, /more than 100 elements/],
  ['more attributes than the bound', '<a a="" b="" c="" d="" e=""/>', /more than 4 attributes/],
  ['a text longer than the bound', `<a>${'x'.repeat(70_000)}</a>`, /more than 65536 characters of text/],
  [
    'a text longer than the bound in parts',
    `<a>${'x<!---->'.repeat(70_000)}</a>`,
    /more than 65536 characters/,
  ],
  ['a name longer than the bound', `<${'x'.repeat(200_000)}/>`, /not well-formed: Max buffer length/],
  [
    'an attribute longer than the bound',
    `<a b="${'x'.repeat(200_000)}"/>`,
    /not well-formed: Max buffer length/,
  ],
  ['tags that cross', '<a><b></a></b>', /not well-formed/],
  ['an end that does not come', '<a><b>', /not well-formed/],
  ['two roots', '<a/><a/>', /not well-formed/],
  ['a prefix that nobody bound', '<x:a/>', /not well-formed/],
  ['text alone', 'hello', /not well-formed/],
  ['nothing', '', /no element|not well-formed/],
  ['UTF-16', Buffer.from('<a/>', 'utf16le'), /not well-formed/],
  ['an encoding that is not read', '<?xml version="1.0" encoding="UTF-7"?><a/>', /UTF-7/],
  ['bytes that are not the encoding’s', Buffer.from('3c613eff3c2f613e', 'hex'), /not utf-8/],
])('%s is refused by name', (_name, xml, message) => {
  expect(() => read(xml)).toThrow(message);
});

test('texts and attributes come decoded, references and CDATA included', () => {
  const root = read('\uFEFF<a xmlns="n" b="上海 &#233;">总<![CDATA[<电>]]>&lt;&#x7535;<c>1</c></a>');

  expect(root).toMatchObject({ name: 'a', namespace: 'n', text: '总<电><电' });
  expect(root.attributes.get('b')).toBe('上海 é');
  expect(root.children.map(({ name, text }) => [name, text])).toEqual([['c', '1']]);
});

test('GB 18030 is read as declared', () => {
  const gb = Buffer.from([0xb5, 0xe7, 0x81, 0x40]);
  const xml = Buffer.concat([
    Buffer.from('<?xml version="1.0" encoding="GB2312"?><a>'),
    gb,
    Buffer.from('</a>'),
  ]);

  expect(read(xml).text).toBe('电丂');
});

const RECORDS = Buffer.from(
  '\uFEFF<?xml version="1.0"?>\r\n<all><!-- x --><r n="1">表</r>\r\n<skip>y</skip><r n="二"><s/>é</r ><r n="3"/></all>',
);

test('however the bytes are cut, the same elements come with exactly the bytes that they were', () => {
  const records = (pieces: Buffer[]): string[] => {
    const found: string[] = [];
    const reader = new XmlReader(
      {
        isKept: ({ name }) => name === 'r',
        open: () => undefined,
        close: ({ name, text }, _ancestors, bytes) => {
          if (name === 'r') found.push(`${text} ${bytes().toString()}`);
        },
      },
      BOUNDS,
    );
    for (const piece of pieces) reader.push(piece);
    reader.end();
    return found;
  };
  const whole = records([RECORDS]);
  expect(whole).toEqual(['表 <r n="1">表</r>', 'é <r n="二"><s/>é</r >', ' <r n="3"/>']);

  const cuts = fc.array(fc.nat(RECORDS.length), { maxLength: 30 });
  fc.assert(
    fc.property(cuts, (places) => {
      const ends = [...places, RECORDS.length].toSorted((a, b) => a - b);
      expect(records(ends.map((end, index) => RECORDS.subarray(ends[index - 1] ?? 0, end)))).toEqual(whole);
    }),
  );
});
