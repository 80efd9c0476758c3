import type { Capacity, Trip, Vehicle } from '../../api/shapes';
import type { Bar, Row } from './timeline';

/** A row for every truck that has a trip or is offered, those with work first. */
export function rows(trips: Trip[], offers: Capacity[], vehicles: Vehicle[], goods: (trip: Trip) => string, free: string): Row[] {
  const known = new Map(vehicles.map((v) => [v.id, v]));
  const all = new Map<string, Row>();
  const of = (vehicle: string, plate: string, type: string) => {
    const row = all.get(vehicle) ?? { id: vehicle, plate, note: type, bars: [] };
    all.set(vehicle, row);
    return row;
  };
  for (const trip of trips) of(trip.outline.vehicle, trip.outline.plate, trip.outline.type).bars.push(tripBar(trip, goods(trip)));
  for (const offer of offers) {
    const v = known.get(offer.vehicle);
    of(offer.vehicle, v?.plate ?? offer.vehicle.slice(-6), v?.type ?? '').bars.push({ id: offer.id, from: Date.parse(offer.from), to: Date.parse(offer.until), kind: 'free', state: '', label: `${free} · ${offer.place.name || offer.place.adcode}` });
  }
  const busy = (r: Row) => r.bars.filter((b) => b.kind === 'trip').length;
  return [...all.values()].sort((a, b) => busy(b) - busy(a) || a.plate.localeCompare(b.plate));
}

function tripBar(trip: Trip, label: string): Bar {
  return { id: trip.id, from: Date.parse(trip.outline.depart_at), to: Date.parse(trip.outline.done_at), kind: 'trip', state: trip.state, label, href: '/trips/' + trip.id };
}
