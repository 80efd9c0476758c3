// The schematic's projection: Albers' conic with the parallels usual for maps of China (25° and 47° N, middle 105° E).

import { geoConicEqualArea } from 'd3-geo';
import type { Place } from '../../api/shapes';
import { dots, south, step, west } from './dots';

/** A sheet when nobody says how large it is, in pixels. */
export const SHEET: Spot = [640, 480];

export type Spot = [x: number, y: number];
export type Project = (lon: number, lat: number) => Spot;

const CHARS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Longitude and latitude of every dot. */
export function points(): Spot[] {
  const out: Spot[] = [];
  let row = 0;
  for (let i = 0; i < dots.length; ) {
    const up = CHARS.indexOf(dots[i++]!);
    if (up === 63) {
      row += 62;
      continue;
    }
    row += up;
    const x = CHARS.indexOf(dots[i++]!) * 64 + CHARS.indexOf(dots[i++]!);
    out.push([west + x * step, south + row * step]);
  }
  return out;
}

/** A projection that fits the places with some room around them, or the whole country when there are fewer than two. */
export function fit(places: Place[], [wide, high] = SHEET): Project {
  const [side, edge] = [Math.min(70, wide * 0.12), Math.min(50, high * 0.12)];
  const own = places.filter(known).map((p) => [p.point.lon, p.point.lat] as Spot);
  const span = own.length > 1 ? own : ([[74, 39], [135, 48], [110, 18], [122, 25], [97, 28], [123, 53]] as Spot[]);
  const projection = geoConicEqualArea().parallels([25, 47]).rotate([-105, 0]).fitExtent([[side, edge], [wide - side, high - edge]], { type: 'MultiPoint', coordinates: span });
  // Two places next to each other would fill the sheet with a village; a degree is then at most so wide.
  projection.scale(Math.min(projection.scale(), 6000));
  const middle = projection(centre(span))!;
  const [x, y] = projection.translate();
  projection.translate([x + wide / 2 - middle[0], y + high / 2 - middle[1]]);
  return (lon, lat) => projection([lon, lat]) as Spot;
}

function centre(span: Spot[]): Spot {
  const mid = (n: 0 | 1) => (Math.min(...span.map((p) => p[n])) + Math.max(...span.map((p) => p[n]))) / 2;
  return [mid(0), mid(1)];
}

/** The place has a point. */
export function known(place: Place): boolean {
  return place.point.lon !== 0 || place.point.lat !== 0;
}

/** All dots on the sheet as one path of points. */
export function dotPath(project: Project, [wide, high] = SHEET): string {
  return points()
    .map(([lon, lat]) => project(lon, lat))
    .filter(([x, y]) => x > 0 && x < wide && y > 0 && y < high)
    .map(([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`)
    .join('');
}
