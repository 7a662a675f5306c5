// @ts-check
// How numbers are written: the rules of mlpcore/formatting.py, for what only the browser knows. A test compares both.

export const UNKNOWN = "–";
const SPACE = "\u00a0";
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LARGE = 999999.5;
const SMALL = 0.0005; // numbers beyond these are written with a power of ten

/**
 * A count with commas between thousands: 10,000.
 * @param {number} value
 */
export function count(value) {
  return fixed(value, 0);
}

/**
 * A share from 0 to 1 in percent, with its standard deviation if there is one: 97.8 %, 97.8 ± 0.1 %.
 * @param {number | null} share
 * @param {number | null} [deviation]
 */
export function percent(share, deviation = null) {
  if (share === null || Number.isNaN(share)) return UNKNOWN;
  if (deviation === null || Number.isNaN(deviation)) return single(share, share >= 0.995 && share < 1 ? 2 : 1);
  if (isWhole(share) && deviation === 0) return `${fixed(100 * share, 0)} ± 0${SPACE}%`;
  let decimals = share >= 0.995 || deviation < SMALL ? 2 : 1;
  while (decimals < 4 && roundsToWhole(share, decimals)) decimals += 1;
  return `${fixed(100 * share, decimals)} ± ${fixed(100 * deviation, decimals)}${SPACE}%`;
}

/**
 * A measured value with about three digits: 12.3, −0.046, 1,234, 2.1×10⁻⁵.
 * @param {number | null} value
 */
export function number(value) {
  if (value === null || Number.isNaN(value)) return UNKNOWN;
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  if (size < SMALL || size >= LARGE) return sign + withPower(size);
  return sign + fixed(size, size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3);
}

/**
 * A loss with four decimals, of several networks 0.3120 ± 0.0042; very small and large ones as `number`.
 * @param {number | null} value
 * @param {number | null} [deviation]
 */
export function loss(value, deviation = null) {
  if (value === null || Number.isNaN(value)) return UNKNOWN;
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 0.001 && size < LARGE);
  /** @param {number} part */
  const written = (part) => (plain ? fixed(part, size < 1000 ? 4 : 1) : number(part));
  return deviation === null || Number.isNaN(deviation) ? written(value) : `${written(value)} ± ${written(deviation)}`;
}

/**
 * @param {number} share
 * @param {number} decimals
 */
function single(share, decimals) {
  if (isWhole(share)) return `${fixed(100 * share, 0)}${SPACE}%`;
  if (!roundsToWhole(share, decimals) || share < 0 || share > 1) return `${fixed(100 * share, decimals)}${SPACE}%`;
  const step = 10 ** -decimals;
  return share < 0.5
    ? `<${SPACE}${fixed(step, decimals)}${SPACE}%`
    : `>${SPACE}${fixed(100 - step, decimals)}${SPACE}%`;
}

/**
 * Whether a share is exactly 0 or 1, as far as sums of floats can say it.
 * @param {number} share
 */
function isWhole(share) {
  return share === 0 || Math.abs(share - 1) < 1e-12;
}

/**
 * @param {number} share
 * @param {number} decimals
 */
function roundsToWhole(share, decimals) {
  return !isWhole(share) && [0, 100].includes(Number(halfToEven((100 * share).toFixed(60), decimals)));
}

/**
 * @param {number} value
 * @param {number} decimals
 */
function fixed(value, decimals) {
  const [whole, fraction] = halfToEven(Math.abs(value).toFixed(60), decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${value < 0 ? "−" : ""}${grouped}${fraction ? `.${fraction}` : ""}`;
}

/**
 * A number in a computer's notation, 2.1e-5, with a power of ten: 2.1×10⁻⁵.
 * @param {number} size
 */
function withPower(size) {
  const [digits, exponent] = size.toExponential(60).split("e");
  const rounded = halfToEven(digits, 1);
  const carried = rounded === "10.0"; // 9.96 has become 10.0
  const power = String(Number(exponent) + (carried ? 1 : 0));
  return `${carried ? "1.0" : rounded}×10${power.replace("-", "⁻").replace(/\d/g, (digit) => RAISED[Number(digit)])}`;
}

/**
 * Decimal digits rounded as Python rounds them: a half to the even digit, where `toFixed` would round it up.
 * @param {string} digits with more decimals than are wanted
 * @param {number} decimals
 */
function halfToEven(digits, decimals) {
  const point = digits.indexOf(".");
  const kept = digits.slice(0, point) + digits.slice(point + 1, point + 1 + decimals);
  const rest = digits.slice(point + 1 + decimals);
  const half = `5${"0".repeat(rest.length - 1)}`;
  const up = rest > half || (rest === half && Number(kept.at(-1)) % 2 === 1);
  const rounded = String(BigInt(kept) + (up ? 1n : 0n)).padStart(decimals + 1, "0");
  return decimals ? `${rounded.slice(0, -decimals)}.${rounded.slice(-decimals)}` : rounded;
}
