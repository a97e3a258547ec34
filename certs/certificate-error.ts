/**
 * What the authority will not or cannot do, in one line fit for a terminal: a bad name, an unknown certificate, a
 * broken store. The message never holds key material.
 */
export class CertificateError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CertificateError';
  }
}
