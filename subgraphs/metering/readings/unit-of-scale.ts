/** 10 ^ -scale of a block, as SQL; powers are slow, so they are looked up. */
export const unitOf = (scale: string): string =>
  `('{1,0.1,0.01,0.001,0.0001,0.00001,0.000001}'::numeric[])[${scale} + 1]`;
