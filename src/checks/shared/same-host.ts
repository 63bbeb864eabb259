/** Whether two addresses can be one: a Service has longer and shorter names. */
export function isSameHost(left: string, right: string): boolean {
  if (`${left}.`.startsWith(`${right}.`) || `${right}.`.startsWith(`${left}.`)) return true;
  const [one = [], other = []] = [left, right].map((host) => host.split('.'));
  return (one.length === 1 || other.length === 1) && one[0] === other[0];
}
