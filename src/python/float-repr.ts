/**
 * `repr` of a Python float. Python and JavaScript both choose the shortest digits that read back as the same number;
 * they differ in when an exponent is used and how it is written.
 */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const sign = value < 0 ? "-" : "";
  const [mantissa = "", exponentText = "0"] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(exponentText);
  // The range of C's %r: fixed notation from 1e-4 up to, and not including, 1e16.
  if (exponent < -4 || exponent >= 16) return sign + scientific(digits, exponent);
  return sign + fixed(digits, exponent);
}

function scientific(digits: string, exponent: number): string {
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function fixed(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = exponent + 1;
  if (digits.length <= whole) return `${digits.padEnd(whole, "0")}.0`;
  return `${digits.slice(0, whole)}.${digits.slice(whole)}`;
}
