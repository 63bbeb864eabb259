/** Which config field an item of a list follows from: the field of the host that it names. */
import type { PublicHost } from '../config/settings.ts';
import type { FieldOf } from '../manifests/edit.ts';
import { leavesOf } from '../yaml/json.ts';

/** What names none of the hosts comes or goes because of the aliases. */
export function hostField(hosts: readonly PublicHost[]): FieldOf {
  return (item) => {
    const texts = leavesOf(item).map(({ value }) => value);
    const named = hosts.find(({ host }) => texts.includes(host));
    const alias = hosts.find(({ from }) => from.includes('aliases'));
    return (named ?? alias ?? hosts[0])?.from ?? '';
  };
}
