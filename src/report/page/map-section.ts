/** The traffic map with what its colours mean, and the same as a list for everyone who would rather read. */
import { drawSvg } from '../map/svg.ts';
import { brokenLinks, type MapLink, type TrafficMap } from '../map/traffic-map.ts';
import { breakable, html, Markup } from '../markup.ts';

export function mapSection(map: TrafficMap, name: string, id: string): Markup {
  const broken = brokenLinks(map);
  if (map.nodes.length === 0)
    return html`<p>Nothing in these manifests sends or takes requests.</p>
`;
  const title = `Traffic of ${name}`;
  return html`${broken.length > 0 && alarm(map, broken)}<figure>
<div class="drawing" role="region" tabindex="0" aria-label="${title}">
${new Markup(drawSvg(map, { title, id: `${id}-map`, standalone: false }))}</div>
<figcaption>${LEGEND}</figcaption>
</figure>
<details class="links">
<summary>The same as a list of ${map.links.length} links</summary>
<table class="stacked">
<thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Speaks</th><th scope="col">Port</th><th scope="col">Encrypted</th></tr></thead>
<tbody>
${map.links.map((link) => row(map, link))}</tbody>
</table>
</details>
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

function alarm(map: TrafficMap, broken: readonly MapLink[]): Markup {
  return html`<ul class="alarm">
${broken.map(
  (link) => html`<li>${nodeName(map, link.from)}: ${link.broken}</li>
`,
)}</ul>
`;
}

function row(map: TrafficMap, link: MapLink): Markup {
  return html`<tr${link.broken !== undefined && new Markup(' class="cut-row"')}><td data-name="From">${nodeName(map, link.from)}</td><td data-name="To">${nodeName(map, link.to)}${link.broken !== undefined && html`<br><strong class="bad">${link.broken}</strong>`}</td><td data-name="Speaks">${link.protocol}${link.purpose && html` <span class="quiet">${link.purpose}</span>`}</td><td data-name="Port">${link.port ?? ''}</td><td data-name="Encrypted">${link.tls ? 'yes' : 'no'}</td></tr>
`;
}

function nodeName(map: TrafficMap, id: string): Markup {
  const node = map.nodes.find((one) => one.id === id);
  return html`<span class="quiet">${node?.title}</span> <code>${breakable(node?.name ?? id)}</code>`;
}
