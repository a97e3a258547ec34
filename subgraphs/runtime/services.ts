/** What the process gives its rooms beside the database. */
export interface RoomServices {
  /** The hub's signature over a text: a detached JWS (RFC 7515, appendix F) with the signing certificate's chain. */
  sign: (payload: string) => Promise<string>;
  /** Logs a fault with its stack and returns the incident id that may leave the hub instead. */
  fault: (error: unknown, where: string) => string;
}
