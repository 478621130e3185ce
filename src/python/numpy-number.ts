import type { NumpyNumber, PythonValue } from "./python-value.ts";

/** Digits behind the point that the text of an array has at most. */
const DIGITS = 8;

/** As a floating-point number of so many bits. */
export function roundedTo(bits: 16 | 32 | 64, value: number): number {
  if (bits === 64) return value;
  return bits === 32 ? Math.fround(value) : roundedToHalf(value);
}

function roundedToHalf(value: number): number {
  const magnitude = Math.abs(value);
  if (!Number.isFinite(value) || magnitude === 0) return value;
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  const unit = 2 ** (exponent - 10);
  const scaled = magnitude / unit;
  const below = Math.floor(scaled);
  const part = scaled - below;
  // Ties go to the even one.
  const whole = part > 0.5 || (part === 0.5 && below % 2 === 1) ? below + 1 : below;
  const rounded = whole * unit;
  return Math.sign(value) * (rounded >= 65_520 ? Infinity : rounded);
}

/** Of the name of a dtype, or of a number's type: `float32`, `>c8`. */
export function bitsOf(type: string): 16 | 32 | 64 {
  if (type === "float16" || type.endsWith("f2")) return 16;
  if (type === "float32" || type === "complex64" || type.endsWith("f4") || type.endsWith("c8")) return 32;
  return 64;
}

/**
 * The numbers of an array as what they are.
 * @param text the array's own text, when some number of its record shows with fewer digits than it has
 */
export function asItems(value: PythonValue, dtype: string, text: string | null): PythonValue {
  if (dtype === "object") return value;
  const bits = bitsOf(dtype);
  const isScientific = text !== null && /\de[+-]\d/.test(text);
  const one = (item: PythonValue): PythonValue => {
    if (item.type === "list") return { type: "list", items: item.items.map(one) };
    if (item.type === "complex") {
      const error = Math.max(errorOf(item.real), errorOf(item.imaginary));
      const [real, imaginary] = [roundedTo(bits, item.real), roundedTo(bits, item.imaginary)];
      return { type: "complex", real, imaginary, ...besides(bits, error) };
    }
    if (item.type !== "float") return item;
    return { type: "float", value: roundedTo(bits, item.value), ...besides(bits, errorOf(item.value)) };
  };
  const errorOf = (shown: number): number => {
    if (text === null || !Number.isFinite(shown)) return 0;
    const unit = isScientific ? 10 ** Math.floor(Math.log10(Math.abs(shown))) : 1;
    // Half of the last digit, and what these computations themselves round.
    return 0.500001 * unit * 10 ** -DIGITS;
  };
  return one(value);
}

function besides(bits: 16 | 32 | 64, error: number): NumpyNumber {
  return { ...(bits !== 64 && { bits }), ...(error > 0 && { error }) };
}
