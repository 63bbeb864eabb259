/** What the rules wrote before old hosts are followed: a host stands there because the config says so. */

import { resourceLabel } from '../../errors.ts';
import type { AppliedEdit } from '../../manifests/editor.ts';
import { remembered } from '../../maps.ts';
import { toPointer } from '../../yaml/json.ts';
import type { Place } from './places.ts';

/** Tells whether one of the edits wrote a place, or the list that it is in. */
export function writtenBy(edits: readonly AppliedEdit[]): (place: Place) => boolean {
  const written = new Map<string, string[]>();
  for (const { resource, document, operation } of edits) {
    const owner = ownerOf({ resource, document });
    const whole = `${operation.path.replace(/\/(?:\d+|-)$/, '')}/`;
    remembered(written, owner, () => []).push(whole);
  }
  return (place) => {
    const path = `${toPointer(place.path)}/`;
    return (written.get(ownerOf(place)) ?? []).some((whole) => path.startsWith(whole));
  };
}

function ownerOf({ resource, document = '' }: Pick<Place, 'resource' | 'document'>): string {
  return `${resource ? resourceLabel(resource.reference) : ''}\n${document}`;
}
