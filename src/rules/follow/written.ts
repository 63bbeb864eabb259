/** What the rules wrote before old hosts are followed: a host stands there because the config says so. */

import { resourceLabel } from '../../errors.ts';
import type { AppliedEdit } from '../../manifests/editor.ts';
import { remembered } from '../../maps.ts';
import { toPointer } from '../../yaml/json.ts';
import type { Place } from './places.ts';

/** Tells whether one of the edits wrote a place, or the list that it is in. */
export function writtenBy(edits: readonly AppliedEdit[]): (place: Place) => boolean {
  const written = new Map<string, Set<string>>();
  for (const { resource, document, operation } of edits) {
    const owner = ownerOf({ resource, document });
    const whole = `${operation.path.replace(/\/(?:\d+|-)$/, '')}/`;
    remembered(written, owner, () => new Set()).add(whole);
  }
  return (place) => {
    const wholes = written.get(ownerOf(place));
    if (!wholes) return false;
    const path = `${toPointer(place.path)}/`;
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1))
      if (wholes.has(path.slice(0, end + 1))) return true;
    return false;
  };
}

function ownerOf({ resource, document = '' }: Pick<Place, 'resource' | 'document'>): string {
  return `${resource ? resourceLabel(resource.reference) : ''}\n${document}`;
}
