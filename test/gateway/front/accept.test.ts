import { formOf } from '../../../gateway/front/accept.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

test.each([
  'text/html',
  'application/xml, text/*',
  'application/json;q=0',
  '*/*;q=0',
  '',
  'json',
  'application/json;q=x',
])('who accepts only %j cannot be answered', (accept) => {
  expect(() => formOf(accept)).toThrow('JSON');
});

test.each([
  [undefined, JSON_TYPE, false],
  ['*/*', JSON_TYPE, false],
  ['application/*', JSON_TYPE, false],
  ['text/html, */*;q=0.8', JSON_TYPE, false],
  ['application/json', JSON_TYPE, true],
  ['APPLICATION/JSON; charset=utf-8', JSON_TYPE, true],
  ['application/graphql-response+json', GRAPHQL_TYPE, false],
  ['application/graphql-response+json, application/json;q=0.9', GRAPHQL_TYPE, false],
  ['application/graphql-response+json, application/json', GRAPHQL_TYPE, false],
  ['application/json, application/graphql-response+json', JSON_TYPE, true],
  ['application/json;q=0.5, application/graphql-response+json;q=0.4', JSON_TYPE, true],
  ['application/json;q=0, */*', GRAPHQL_TYPE, false],
])('who accepts %j is answered as %s', (accept, contentType, isAlwaysOk) => {
  expect(formOf(accept)).toEqual({ contentType, isAlwaysOk });
  expect(formOf(accept)).toEqual({ contentType, isAlwaysOk });
});
