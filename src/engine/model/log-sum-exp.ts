/** log(sum(exp(values))), without overflow: a logit less this is a log-probability among `values`. */
export function logSumExp(values: Float32Array): number {
  const largest = values.reduce((a, b) => Math.max(a, b));
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
