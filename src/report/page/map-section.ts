/** The traffic map with what its colours mean, and the same as a list for everyone who would rather read. */
import { canBeDrawn } from '../map/layout.ts';
import { drawSvg } from '../map/svg.ts';
import { brokenLinks, type MapLink, type TrafficMap } from '../map/traffic-map.ts';
import { breakable, html, Markup } from '../markup.ts';

/** A map that is too large to be drawn is the list alone. `id` tells the maps of one page apart. */
export function mapSection(map: TrafficMap, name: string, id: string): Markup {
  const broken = brokenLinks(map);
  if (map.nodes.length === 0)
    return html`<p>Nothing in these manifests sends or takes requests.</p>
`;
  const title = `Traffic of ${name}`;
  const names = namesIn(map);
  return html`${broken.length > 0 && alarm(names, broken)}${canBeDrawn(map) ? figure(map, title, id) : TOO_LARGE}<details class="links">
<summary>${canBeDrawn(map) ? 'The same as a' : 'A'} list of ${map.links.length} links</summary>
<table class="stacked">
<thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Speaks</th><th scope="col">Port</th><th scope="col">Encrypted</th></tr></thead>
<tbody>
${map.links.map((link) => row(names, link))}</tbody>
</table>
</details>
`;
}

const TOO_LARGE = html`<p>These are too many programs for a picture.</p>
`;

function figure(map: TrafficMap, title: string, id: string): Markup {
  return html`<figure>
<div class="drawing" role="region" tabindex="0" aria-label="${title}">
${new Markup(drawSvg(map, { title, id: `${id}-map`, standalone: false }))}</div>
<figcaption>${LEGEND}</figcaption>
</figure>
`;
}

const LEGEND = html`<ul class="legend">
<li><span class="line secure-line"></span>encrypted</li>
<li><span class="line plain-line"></span>not encrypted</li>
<li><span class="line cut-line"></span>leads nowhere</li>
<li><span class="swatch host-swatch"></span>public host</li>
<li><span class="swatch entry-swatch"></span>entry</li>
<li><span class="swatch service-swatch"></span>Service</li>
<li><span class="swatch workload-swatch"></span>workload</li>
<li><span class="swatch outside-swatch"></span>outside these manifests</li>
</ul>
`;

/** How each node is called, by its id. */
type Names = ReadonlyMap<string, Markup>;

function alarm(names: Names, broken: readonly MapLink[]): Markup {
  return html`<ul class="alarm">
${broken.map(
  (link) => html`<li>${names.get(link.from)}: ${link.broken}</li>
`,
)}</ul>
`;
}

function row(names: Names, link: MapLink): Markup {
  return html`<tr${link.broken !== undefined && new Markup(' class="cut-row"')}><td data-name="From">${names.get(link.from)}</td><td data-name="To">${names.get(link.to)}${link.broken !== undefined && html`<br><strong class="bad">${link.broken}</strong>`}</td><td data-name="Speaks">${link.protocol}${link.purpose && html` <span class="quiet">${link.purpose}</span>`}</td><td data-name="Port">${link.port ?? ''}</td><td data-name="Encrypted">${link.tls ? 'yes' : 'no'}</td></tr>
`;
}

function namesIn({ nodes }: TrafficMap): Names {
  return new Map(
    nodes.map(({ id, title, name }) => [
      id,
      html`<span class="quiet">${title}</span> <code>${breakable(name)}</code>`,
    ]),
  );
}
