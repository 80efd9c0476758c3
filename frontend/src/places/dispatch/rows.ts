import { items, type Capacity, type Trip, type Vehicle } from '../../api/shapes';
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
  for (const trip of trips) {
    const { relay, ...o } = trip.outline;
    of(o.vehicle, o.plate, o.type_name).bars.push(tripBar(trip, o.depart_at, relay?.leave_at ?? o.done_at, goods(trip)));
    if (relay) of(relay.vehicle, relay.plate, relay.type_name).bars.push(tripBar(trip, relay.depart_at, o.done_at, goods(trip)));
  }
  for (const offer of offers) {
    const v = known.get(offer.vehicle);
    of(offer.vehicle, v?.plate ?? offer.vehicle.slice(-6), v?.type_name ?? '').bars.push({ id: offer.id, from: Date.parse(offer.from), to: Date.parse(offer.until), kind: 'free', state: '', label: `${free} · ${offer.place.name || offer.place.adcode}` });
  }
  const busy = (r: Row) => r.bars.filter((b) => b.kind === 'trip').length;
  return [...all.values()].sort((a, b) => busy(b) - busy(a) || a.plate.localeCompare(b.plate));
}

function tripBar(trip: Trip, from: string, to: string, label: string): Bar {
  return { id: trip.id, from: Date.parse(from), to: Date.parse(to), kind: 'trip', state: trip.state, label, href: '/trips/' + trip.id };
}

/** The legs of a trip on the map, each with the truck that drives it. */
export function legs(trip: Trip, goods: string) {
  const { relay, plate, stops } = trip.outline;
  const calls = items(stops).map((s, i) => ({ place: s.place, plate: relay && i >= relay.stop ? relay.plate : plate }));
  if (relay) calls.splice(relay.stop, 0, { place: relay.station, plate });
  return calls.slice(1).map((to, i) => ({ from: calls[i]!.place, to: to.place, what: `${to.plate} ${goods}`, on: true }));
}
