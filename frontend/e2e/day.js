// A day's work for a dispatcher, made through the interface: haulage needs in a few counties, and trucks offered for them.

const place = (adcode, name, lon, lat) => ({ adcode, name, lon, lat });
/** Packhouses around Baoji. */
const FROM = [place('610322', '凤翔包装厂', 107.4, 34.52), place('610326', '眉县包装厂', 107.75, 34.27), place('610324', '扶风包装厂', 107.9, 34.37), place('610323', '岐山包装厂', 107.62, 34.44)];
/** Hospitals and markets in Wuhan and Xi'an. */
const TO = [place('420103', '协和医院', 114.28, 30.58), place('420106', '中南医院', 114.36, 30.55), place('420102', '江岸医院', 114.31, 30.6), place('610112', '未央市场', 108.95, 34.29), place('610113', '雁塔市场', 108.95, 34.22)];

/** A truck that comes too late for every load. */
export const LATE = '陕C·B9999';

/**
 * @param {(login: string, method: string, path: string, body?: unknown) => Promise<any>} ask
 * @param {number} loads of 0.5 to 2.9 t
 * @param {number} trucks of two classes, with the pass into every area, beside the late one
 */
export async function fill(ask, loads, trucks) {
  const party = async (login, role) => (await ask(login, 'GET', '/me')).grants.find((g) => g.role === role).party;
  const [shipper, carrier] = [await party('liulin', 'coop'), await party('haulier', 'carrier')];
  for (let n = 0; n < loads; n++) {
    await ask('liulin', 'POST', '/posted-loads', {
      shipper, produce: '苹果', weight: `${500 + ((n * 7) % 25) * 100}公斤`, packing: '纸箱', pack_weight: '10公斤',
      from: FROM[n % FROM.length], to: TO[(n * 3) % TO.length], wanted_by: '2020-02-05T12:00:00+08:00',
    });
  }
  for (let n = 0; n <= trucks; n++) {
    const vehicle = await ask('haulier', 'POST', '/vehicles', {
      carrier, type: n % 3 ? 'T68' : 'T96-3', plate: n < trucks ? `陕C·B${1000 + n}` : LATE, plate_colour: 'yellow', driver: 'D',
      passes: [{ number: 'P' + n, area: '', from: '2020-01-24', until: '2020-03-31' }],
    });
    await ask('haulier', 'POST', '/capacity-offers', { vehicle: vehicle.id, place: FROM[n % FROM.length], from: n < trucks ? '2020-02-03T06:00:00+08:00' : '2020-02-05T14:00:00+08:00', until: '2020-02-06T20:00:00+08:00' });
  }
}
