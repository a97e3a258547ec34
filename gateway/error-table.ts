/**
 * Every refusal and fault that leaves the hub, in one table. The README prints the same table and a test
 * compares the two both ways. `status` is the HTTP status when the whole request is refused; a refused field
 * inside an answer keeps status 200 (GraphQL over HTTP, partial answers).
 */
export const ERRORS = {
  CERTIFICATE_REQUIRED: [
    401,
    'No client certificate was presented.',
    'Call with --cert and --key of a certificate issued by this hub.',
  ],
  CERTIFICATE_UNTRUSTED: [
    401,
    'The client certificate was not issued by an authority of this hub.',
    'Ask the operator for a certificate (hub cert issue).',
  ],
  CERTIFICATE_EXPIRED: [
    401,
    'The client certificate has expired.',
    'Ask the operator to issue a new certificate.',
  ],
  CERTIFICATE_NOT_YET_VALID: [
    401,
    'The client certificate is not valid yet.',
    'Wait until its start date, or check the clock.',
  ],
  CERTIFICATE_REVOKED: [
    401,
    'The client certificate has been revoked.',
    'Ask the operator to issue a new certificate.',
  ],
  CERTIFICATE_SUSPENDED: [
    401,
    'The client certificate is suspended.',
    'Ask the operator why; call with another of your certificates meanwhile.',
  ],
  CERTIFICATE_WRONG_AUTHORITY: [
    403,
    'The certificate is registered for another stage than the authority that issued it.',
    'Use the certificate of the right stage: TEST and FORMAL have an authority each.',
  ],
  CERTIFICATE_UNREGISTERED: [
    403,
    'The certificate belongs to no registered tenant.',
    'Ask the operator to register its fingerprint to your tenant.',
  ],
  CERTIFICATE_LIMIT: [
    409,
    'The tenant has two live certificates already.',
    'Give one up first (retireCertificate), or wait until one ends.',
  ],
  CERTIFICATE_NOT_APPROVED: [
    403,
    'No validity is approved for certificates of the tenant, or none that reaches so far.',
    'Apply for a new approval; a renewal ends no later than what was approved.',
  ],
  CSR_UNUSABLE: [
    422,
    'The certificate signing request cannot be certified.',
    'Send a PKCS #10 request in PEM, RSA of 2048 to 8192 bits, signed by its own key.',
  ],
  TENANT_INACTIVE: [
    403,
    'The tenant is suspended or closed.',
    'Ask the operator why, and to reactivate the tenant.',
  ],
  PURPOSE_REQUIRED: [
    400,
    'The tenant has more than one purpose and the request names none.',
    'Send the header x-hub-purpose; me { purposes } lists yours.',
  ],
  PURPOSE_UNKNOWN: [
    400,
    'The purpose is not in the closed list.',
    'Use one of the purposes in the README; me { purposes } lists yours.',
  ],
  PURPOSE_NOT_DECLARED: [
    403,
    'The tenant has no approved declaration of this purpose that is valid now.',
    'Declare it (hub purpose declare) and have the operator approve it.',
  ],
  PURPOSE_NOT_ALLOWED: [
    403,
    'No scope of the tenant for this category serves this purpose.',
    'Use a purpose that the scope serves, or ask the operator to extend the scope.',
  ],
  SCOPE_MISSING: [
    403,
    'The tenant has no scope for this category and action.',
    'Ask the operator for a scope (hub scope add).',
  ],
  AREA_OUT_OF_REACH: [
    403,
    'The scope lies outside the area of the tenant.',
    'A neighbouring or higher area publishes statistics only.',
  ],
  CONSENT_REQUIRED: [
    403,
    'No enterprise has consented to this recipient, category and purpose.',
    'Ask the enterprise for its consent (hub consent add).',
  ],
  CONSENT_WITHOUT_EFFECT: [422, 'Only third parties receive by consent.', 'Others receive by their scopes.'],
  FOUR_EYES: [
    403,
    'Who asks for something, or gains by it, does not decide it.',
    'Another tenant that may decide it has to.',
  ],
  ROW_OUT_OF_REACH: [
    403,
    'A row to be written lies outside the reach of the caller.',
    'Write only rows of your own area or your own enterprise.',
  ],
  GRANT_INVALID: [
    401,
    'A room was called without a valid grant of the gateway.',
    'Call the gateway; rooms answer only to it.',
  ],
  GRAPHQL_PARSE_FAILED: [400, 'The document is not GraphQL.', 'Mend the document at the place named.'],
  GRAPHQL_VALIDATION_FAILED: [
    400,
    'The document does not fit the schema.',
    'Mend the field, argument or type named; descriptions are in schema/.',
  ],
  BAD_USER_INPUT: [400, 'A value does not have the form that the schema asks for.', 'Mend the value named.'],
  BAD_REQUEST: [
    400,
    'The request is not a GraphQL request over HTTP.',
    'POST {"query": "…"} as application/json.',
  ],
  DOCUMENT_UNKNOWN: [
    404,
    'No document of this identifier is published.',
    'Send the document, or have the operator publish it (hub documents publish).',
  ],
  DOCUMENT_NOT_TRUSTED: [
    403,
    'This hub takes published documents alone, and this is none of them.',
    'Ask the operator to publish the document (hub documents publish).',
  ],
  PERSISTED_QUERY_NOT_FOUND: [
    200,
    'PersistedQueryNotFound',
    'Send the document together with its hash once more.',
  ],
  QUERY_TOO_LONG: [400, 'The document has too many tokens.', 'Split the query.'],
  QUERY_TOO_DEEP: [400, 'The query is nested too deeply.', 'Ask for fewer levels at once.'],
  QUERY_TOO_WIDE: [
    400,
    'The query could return too many objects.',
    'Lower the first: arguments, ask for fewer fields, or page.',
  ],
  BUDGET_SPENT: [
    429,
    'What the tenant may ask for in a minute is spent.',
    'Wait as long as Retry-After says; ask for less at once, or in the hours of the night.',
  ],
  TOO_MANY_AT_ONCE: [
    429,
    'The tenant has too many requests under way, and others waiting.',
    'Wait as long as Retry-After says, and send fewer at once.',
  ],
  BODY_TOO_LARGE: [
    413,
    'The body is larger than the limit.',
    'Send a smaller body; readings go to POST /upload/readings, which has no such limit.',
  ],
  BODY_TOO_SLOW: [
    408,
    'The body of the request did not come in time.',
    'Send all of it at once; readings go to POST /upload/readings, which takes as long as its sender does.',
  ],
  UNSUPPORTED_MEDIA_TYPE: [
    415,
    'The content type or encoding is not supported.',
    'Send application/json to /graphql; to the upload NDJSON, CSV or a format of the README, plain, gzip or zstd.',
  ],
  NOT_ACCEPTABLE: [
    406,
    'The answer is JSON, which the Accept header does not take.',
    'Accept application/json, or send no Accept header.',
  ],
  HEADERS_TOO_LARGE: [431, 'The headers are larger than 16 KiB.', 'Send smaller headers.'],
  METHOD_NOT_ALLOWED: [405, 'The method is not allowed here.', 'Queries: GET or POST. Mutations: POST.'],
  NOT_FOUND: [404, 'Nothing is here, or nothing that you may see.', 'Check the address.'],
  CONFLICT: [409, 'The row exists already with other contents.', 'Read it first, or use another identifier.'],
  CORRECTION_STALE: [
    409,
    'The values have changed since the correction was proposed.',
    'Reject it, and propose a correction of the values as they are now.',
  ],
  BREAK_GLASS_TARGET: [
    422,
    'This cannot be changed by hand: only rows of data can, never history, nor who may see what.',
    'Name a table of data, its whole primary key, and columns that people filled in.',
  ],
  WRONG_STATE: [
    409,
    'It is not in a state in which this can be done.',
    'Read its state first; what follows what is drawn in the README.',
  ],
  COEFFICIENT_MISSING: [422, 'No coefficient of standard coal is known.', 'Name an edition or an energy.'],
  CONNECTION_NOT_READY: [409, 'A requirement of the connection is not met.', 'Ask connectionReadiness.'],
  IDEMPOTENCY_IN_PROGRESS: [
    409,
    'An upload with this Idempotency-Key is still running.',
    'Wait for it, or use another key.',
  ],
  IDEMPOTENCY_KEY_REUSED: [
    422,
    'This Idempotency-Key was used for other content.',
    'Use a new key for new content.',
  ],
  UPLOAD_INTERRUPTED: [
    400,
    'The body ended early or could not be read on; whole lines before that were stored.',
    'Send the same file again with the same Idempotency-Key.',
  ],
  PACKAGE_HASH_MISMATCH: [
    422,
    'The hashes do not match the package.',
    'Download the parts again and acknowledge the hashes you computed.',
  ],
  RANGE_NOT_SATISFIABLE: [416, 'The range lies outside the part.', 'Ask for a range inside Content-Length.'],
  ROOM_UNAVAILABLE: [503, 'A room does not answer.', 'Try again shortly; /readyz tells which room is out.'],
  REGISTRY_STALE: [
    503,
    'The hub cannot confirm certificates and scopes right now, so it refuses.',
    'Try again shortly.',
  ],
  INTERNAL: [
    500,
    'A fault in the hub. It has been logged under the incident id.',
    'Report the incident id to the operator.',
  ],
} as const satisfies Record<string, readonly [status: number, message: string, remedy: string]>;
