/**
 * A scaled integer as an exact decimal: `("12345", 2)` → `"123.45"`, without trailing zeros.
 *
 * @param scaled an integer as text, sign allowed; `scale` how many of its digits stand after the point.
 */
export function decimalText(scaled: string, scale: number): string {
  if (scale === 0) return scaled;
  const sign = scaled.startsWith('-') ? '-' : '';
  const digits = scaled.slice(sign.length).padStart(scale + 1, '0');
  const whole = digits.slice(0, -scale);
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return fraction === '' ? (whole === '0' ? '0' : sign + whole) : `${sign}${whole}.${fraction}`;
}
