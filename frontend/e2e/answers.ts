// Answers in the server's place, with the numbers of the apples' story, so that pages can be looked at without it.
import type { Page, Route } from '@playwright/test';
import { asksItself } from './look';
import type * as shapes from '../src/api/shapes';

const fengxiang = { name: '凤翔县农产品包装厂', adcode: '610305', point: { lon: 107.4, lat: 34.52 } };
const union = { name: '协和医院', adcode: '420103', point: { lon: 114.28, lat: 30.58 } };
const zhongnan = { name: '中南医院', adcode: '420106', point: { lon: 114.36, lat: 30.55 } };

const lot: shapes.Lot = {
  id: 'lot1', party: 'packer', party_name: '凤翔某农业发展公司', produce: '苹果', grade: '富士80', packing: 'box', packs: 1672, pack_grams: 6000,
  weighed_grams: 10_032_000, available_grams: 32_000, harvested_on: '2020-01-30', place: fengxiang, certificate: 'HGZ-610322-0001',
  shares: [{ household: 'h1', name: '李某（建档立卡）', grams: 3_000_000 }, { household: 'h2', name: '王某', grams: 7_032_000 }],
};
const offer: shapes.Offer = {
  id: 'offer1', version: 1, lot: 'lot1', seller: 'packer', seller_name: '凤翔某农业发展公司', price_e4: 60_000, benefit_e4: 2000, min_grams: 500_000,
  available_grams: 10_032_000, produce: '苹果', grade: '富士80', place: fengxiang, state: 'live',
};
lot.offers = [offer];
const demands: shapes.Demand[] = [
  { id: 'd1', party: 'union', party_name: '协和医院', produce: '苹果', amount: { kind: 'up_to', grams: 6_000_000 }, by: '2020-02-05T18:00:00+08:00', storage: 'dry', unload: { from: '08:00', to: '18:00' }, no_forklift: true, place: union, state: 'part_met', accepted_grams: 5_004_000, on_truck_grams: 996_000, confirmed_at: '2020-02-02T09:00:00+08:00' },
  { id: 'd2', party: 'zhongnan', party_name: '中南医院', produce: '大葱', amount: { kind: 'unknown' }, unload: { from: '08:00', to: '18:00' }, place: zhongnan, state: 'stale', confirmed_at: '2020-01-30T09:00:00+08:00' },
];
const campaign: shapes.Campaign = {
  id: 'c1', donor: 'firm', donor_name: '某企业', title: '凤翔苹果送武汉', named_use: '免费送给两家医院的职工和病人', goal_grams: 20_000_000, goal_fen: 9_600_000,
  reference: 'JSC7Q2M', state: 'shipping', demands: ['d1', 'd2'], paid_fen: 9_600_000, fund_fen: 1_200_000, accepted_grams: 5_004_000,
};
const order: shapes.Order = {
  id: 'o1', buyer: 'firm', buyer_name: '某企业', seller: 'packer', seller_name: '凤翔某农业发展公司', campaign: 'c1', named_use: campaign.named_use, state: 'submitted',
  warnings: [{ code: 'price_below_band', text: '大葱 1.60 元/公斤，低于市场价 1.73–2.30 元/公斤，可能伤农。', source: '农业农村部批发市场价格，其他日期' }],
  invoice: { fen: 6_000_000 },
  lines: [{ id: 'l1', offer: 'offer1', lot: 'lot1', produce: '苹果', grade: '富士80', grams: 10_000_000, price_e4: 60_000, benefit_e4: 2000, fen: 6_000_000, to: [{ id: 'a1', demand: 'd1', receiver_name: '协和医院', grams: 6_000_000 }, { id: 'a2', demand: 'd2', receiver_name: '中南医院', grams: 4_000_000 }] }],
  numbers: { reserved_grams: 0, allocated_grams: 10_000_000 },
};
const settled: shapes.Order = { ...order, id: 'o2', state: 'settled', numbers: { accepted_grams: 9_976_000, rejected_grams: 9_000, lost_grams: { moisture: 27_000 } } };
const settlement: shapes.Settlement = {
  order: 'o2', total_fen: 5_985_600,
  lines: [
    { kind: 'coop', party_name: '凤翔某农业发展公司', fen: 5_755_900, account: 'payable/packer' },
    { kind: 'benefit', party_name: '李某', fen: 199_520, account: 'benefit/h1' },
    { kind: 'fee', fen: 30_180, account: 'platform/fee' },
    { kind: 'rejected', grams: 9_000, price_e4: 60_000, fen: 5_400 },
    { kind: 'loss_allowed', grams: 27_000, price_e4: 60_000, fen: 16_200, note: 'moisture_within_agreed' },
  ],
};
const vehicle = (plate: string, type: string): shapes.Vehicle => ({ id: 'v' + plate, carrier: 'haulier', type, plate, plate_colour: 'yellow', driver: '赵师傅', passes: [{ number: 'TX-031', area: '420100', from: '2020-02-01', until: '2020-02-15' }] });
const room = { grams: 8_000_000, seats: 0, volume_ml: 40_000_000 };
const capacity = { id: 'k1', vehicle: 'v陕C·A1001', carrier: 'haulier', place: fengxiang, from: '2020-02-03T08:00:00+08:00', until: '2020-02-05T08:00:00+08:00', price: { kind: 'per_km', fen: 620 }, state: 'live', return_to: '', room, left: room, shared: false, quarantine_fen: 0, avoids: '', deposit_fen: 0 } as unknown as shapes.Capacity;
const goods = (produce: string, net: number): shapes.Goods => ({ produce, packing: '箱', packed: true, pack_grams: 6000, net_grams: net, gross_grams: net, volume_ml: net * 3, packs: 836 }) as shapes.Goods;
const stop = (kind: string, place: shapes.Place, arrive: string, leave: string): shapes.TripStop => ({ kind, place, party: '', arrive_at: arrive, start_at: arrive, leave_at: leave });
const planned = (plate: string, weight: number, cube: number, net: number): shapes.PlannedTrip => ({
  vehicle: 'v' + plate, plate, type: 'T68', type_name: '6.8米高栏(二轴)', carrier: 'haulier', depart_at: '2020-02-03T14:00:00+08:00', done_at: '2020-02-04T16:00:00+08:00', empty_metres: 0, waiting_ms: 0, rests: 3, lines: [], warnings: [], hints: [],
  stops: [
    stop('load', fengxiang, '2020-02-03T14:00:00+08:00', '2020-02-03T16:00:00+08:00'),
    stop('unload', union, '2020-02-04T12:00:00+08:00', '2020-02-04T14:00:00+08:00'),
    stop('unload', zhongnan, '2020-02-04T15:00:00+08:00', '2020-02-04T16:00:00+08:00'),
  ],
  parts: [{ load: 1, goods: goods('apple-fuji', net - 1_000_000), layer: 1, from_stop: 0, to_stop: 2 }, { load: 0, goods: goods('apple-fuji', 1_000_000), layer: 2, from_stop: 0, to_stop: 1 }],
  fill: { weight_per_mille: weight, cube_per_mille: cube, net_grams: net, gross_grams: net, volume_ml: net * 3 },
  metres: 953_000, cost_fen: 642_000, haulage_fen: 590_000, toll_free: 'emergency-pass',
}) as shapes.PlannedTrip;
const costs = (freight: number): shapes.CostLine[] => [
  { kind: 'freight', fen: freight, text: '运费', rule: '', source: '承运方报价', mark: '' },
  { kind: 'toll', fen: 0, text: '过路费：持应急通行证免费', rule: '', source: '交通运输部 2020-01-30', mark: '°' },
];
const caution = (code: string, text: string, stops: boolean, source = ''): shapes.Caution => ({ code, text, stops, source, mark: '', rule: '', trip: 0 });
const plan: shapes.Plan = {
  id: 'p1', day: '2020-02-03', accepted: '', accepted_at: '', made_at: '', loads: [], left_out: [], levels: [],
  options: [
    { id: 'a', summary: '两辆 6.8 米各装 5 吨苹果，一辆 9.6 米装大葱', trips: [planned('陕C·A1001', 611, 440, 5_016_000), planned('陕C·A1002', 608, 438, 4_996_000)], cost_fen: 1_926_000, lines: costs(1_926_000), warnings: [caution('not_green', '装载 61.1 %，不到 80 %，不按绿色通道免费。', false, '交公路发 2009 784 号')], hints: [{ code: 'fill_up', text: '再装 1.55 吨苹果，这趟就按绿色通道免费。', trip: 0 }], unserved: [], delivered_at: '2020-02-04T16:00:00+08:00' },
    { id: 'b', summary: '一辆 13 米全装', trips: [planned('陕C·A1003', 684, 980, 20_112_000)], cost_fen: 1_410_000, lines: costs(1_410_000), warnings: [caution('mix', '苹果和大葱同车：串味，苹果放乙烯。', true)], hints: [], unserved: [], delivered_at: '2020-02-04T18:00:00+08:00' },
  ],
  refused: [{ vehicle: 'x', plate: '陕C·B2042', type: 'T42', rule: 'payload', need: 0, limit: 0, text: '载重 324 %，容积 105 %，装不下。', fill: { weight_per_mille: 3240, cube_per_mille: 1050, net_grams: 0, gross_grams: 0, volume_ml: 0 }, source: '车型表' }],
  ranking: [{ option: 'b', fen: -516_000, texts: ['便宜 5,160 元，但苹果和大葱不能同车。'] }],
} as unknown as shapes.Plan;
const trip: shapes.Trip = {
  id: 't1', state: 'confirmed', plate: '陕C·A1002', driver: '赵师傅', depart_at: '2020-02-03T16:00:00+08:00',
  stops: [
    { id: '0', kind: 'load', place: fengxiang, planned_at: '2020-02-03T14:00:00+08:00' },
    { id: '1', kind: 'unload', place: union, planned_at: '2020-02-04T12:00:00+08:00' },
    { id: '2', kind: 'unload', place: zhongnan, planned_at: '2020-02-04T15:00:00+08:00' },
  ],
  consignments: [
    { consignment: 'g1', produce: '苹果', packing: '箱', packs: 167, pack_grams: 6000, allocated_grams: 1_000_000, from_stop: '0', to_stop: '1', to_name: '协和医院' },
    { consignment: 'g2', produce: '苹果', packing: '箱', packs: 667, pack_grams: 6000, allocated_grams: 4_000_000, from_stop: '0', to_stop: '2', to_name: '中南医院' },
  ],
  fill: { weight_per_mille: 608, cube_per_mille: 438, net_grams: 4_996_000, gross_grams: 5_480_000, volume_ml: 16_650_000 },
};
const arriving: shapes.Trip = {
  ...trip, id: 't2', state: 'unloading',
  stops: trip.stops.map((s, i) => (i === 0 ? { ...s, arrived_at: '2020-02-03T14:00:00+08:00', left_at: '2020-02-03T16:00:00+08:00', done: true } : i === 1 ? { ...s, arrived_at: '2020-02-04T12:10:00+08:00' } : s)),
  consignments: trip.consignments.map((c) => ({ ...c, loaded_grams: c.consignment === 'g1' ? 999_000 : 3_997_000 })),
};
const waybill: shapes.Waybill = {
  OriginalDocumentNumber: 'o1', ShippingNoteNumber: 'JS20200203001', SerialNumber: '0000', Carrier: '宝鸡某运输公司', UnifiedSocialCreditIdentifier: '', PermitNumber: '', ConsignmentDateTime: '20200203140000',
  DespatchActualDateTime: '20200203160000', GoodsReceiptDateTime: '', ConsignorInfo: [{ Consignor: '凤翔某农业发展公司', ConsignorID: '', PlaceOfLoading: '凤翔', CountrySubdivisionCode: '610305' }], ConsigneeInfo: [{ Consignee: '协和医院', ConsigneeID: '', GoodsReceiptPlace: '江汉区', CountrySubdivisionCode: '420103' }],
  TotalMonetaryAmount: '6420.000', TransportationDistance: '953', VehicleInfo: { VehiclePlateColorCode: '2', VehicleNumber: '陕C·A1002', PlaceOfLoading: '凤翔', GoodsReceiptPlace: '武汉', Driver: [{ DriverName: '赵师傅', DrivingLicense: '' }], GoodsInfo: [{ DescriptionOfGoods: '苹果', CargoTypeClassificationCode: '1700', GoodsItemGrossWeight: '5480.000', Cube: '16650.0000', TotalNumberOfPackages: '834' }] },
  ActualCarrierInfo: {}, InsuranceInformation: { PolicyNumber: 'none' }, Remark: '',
};
const giftTrip = (plate: string, loaded: number, received: number) => ({ id: plate, plate, loaded_grams: loaded, received_grams: received, state: 'done' });
const giftWard = (name: string, produce: string, received: number, rejected: number) => ({ name, produce, loaded_grams: 0, lost_grams: 0, received_grams: received, rejected_grams: rejected, accepted_grams: received - rejected });
const gift: shapes.GiftReport = {
  campaign: 'c1', title: campaign.title, named_use: campaign.named_use, donor_name: '某企业', state: 'reported', reference: 'JSC7Q2M', goal_fen: 9_600_000, paid_fen: 9_600_000, spent_fen: 9_429_520, households: 3, use_changes: [],
  lots: [{ id: 'lot1', produce: 'apple-fuji', produce_name: '苹果', seller_name: '凤翔某农业发展公司', place: '凤翔', grams: 10_012_000, price_e4: 60_000, certificate: 'HGZ' }, { id: 'lot2', produce: 'scallion', produce_name: '大葱', seller_name: '彪角某合作社', place: '凤翔', grams: 10_080_000, price_e4: 16_000 }],
  trips: [giftTrip('陕C·A1001', 5_016_000, 5_004_000), giftTrip('陕C·A1002', 4_996_000, 4_981_000), giftTrip('陕C·A1003', 10_080_000, 9_762_000)],
  wards: [giftWard('协和医院', '苹果', 6_000_000, 2_000), giftWard('中南医院', '苹果', 3_985_000, 7_000), giftWard('两院', '大葱', 9_762_000, 118_000)],
  losses: [{ cause: 'moisture', grams: 345_000 }, { cause: 'rejected', grams: 127_000 }],
  split: [{ kind: 'coop', fen: 7_200_000 }, { kind: 'benefit', fen: 199_520 }, { kind: 'haulage', fen: 1_926_000 }, { kind: 'fee', fen: 30_000 }],
  proof: { entries: 33, seals: 14, verified: true },
};
const found = {
  total: 3, parsed: [{ label: '品种：苹果', without: '凤翔' }, { label: '产地：凤翔', without: '苹果' }],
  facets: [{ name: 'grade', values: [{ value: '富士80', count: 2 }] }, { name: 'area', values: [{ value: '610305', label: '凤翔区', count: 2 }] }],
  hits: [
    { kind: 'offer', id: 'offer1', title: '苹果 富士80', text: [{ text: '凤翔', match: true }, { text: '红富士，纸箱', match: false }], seller: '凤翔某农业发展公司', place: fengxiang, grams: 10_032_000, price_e4: 60_000, certified: true, harvested_on: '2020-01-30', delivered: { price_e4: 60_000, freight_e4: 6_400, toll_e4: 0, total_e4: 66_400, metres: 953_000, grams: 5_000_000, vehicle: 'T68', vehicle_name: '6.8米高栏(二轴)' } },
    { kind: 'offer', id: 'offer2', title: '苹果 富士70', seller: '洛川某合作社', place: fengxiang, grams: 8_000_000, price_e4: 58_000, delivered: { price_e4: 58_000, freight_e4: 7_900, toll_e4: 1_800, total_e4: 67_700, metres: 998_000, grams: 5_000_000, vehicle: 'T68', vehicle_name: '6.8米高栏(二轴)', vehicles: 1, toll_free: false } },
    { kind: 'demand', id: 'd1', title: '协和医院 要苹果', place: union, grams: 6_000_000 },
  ],
};
const bank: shapes.BankLine[] = [{ client_id: 'b1', reference: 'JSC7Q2M', fen: 9_600_000, paid_at: '2020-02-02T15:30:00+08:00', payer: '某企业', state: 'matched' }];
const mandate: shapes.Mandate = { id: 'm1', agent: 'clerk', principal: 'h1', principal_name: '李某', acts: ['lots'], from: '2020-02-01T08:00:00+08:00', until: '2020-03-01T00:00:00+08:00', state: 'offered' };
const account = { holder: '宝鸡某公益平台', bank: '某银行宝鸡分行', number: '6222 0000 0000 0000' } as shapes.MonthlyInvoice['pay_to'];
const invoice: shapes.MonthlyInvoice = {
  id: 'i1', buyer: 'firm', name: '某企业', month: '2020-02', due_at: '2020-03-31T23:59:59+08:00', fen: 5_985_600, paid_fen: 0, reference: 'JSINVOICE001', state: 'proof_uploaded', pay_to: account,
  lines: [{ order: 'o2', accepted_grams: 9_976_000, fen: 5_985_600 }], proofs: [{ id: 'p1', at: '2020-03-02T09:00:00+08:00', by: 'user/u1', note: '早上转的' }],
} as shapes.MonthlyInvoice;
const payout = (id: string, state: shapes.Payout['state'], fen: number): shapes.Payout => ({ id, run: 'r1', party: 'packer', name: '凤翔某农业发展公司', account: 'party/packer', number: '6222 0000 0000 0001', reference: 'JSPAYOUT' + id, fen, state });
const run: shapes.PayoutRun = { id: 'r1', made_at: '2020-02-06T09:00:00+08:00', made_by: 'user/finance', state: 'approved', first_by: 'user/finance', second_by: 'user/finance2', fen: 3_000_000, payouts: [payout('1', 'approved', 1_800_000), payout('2', 'in_transit', 1_200_000)] } as shapes.PayoutRun;
const load = { allocation: 'a1', order: 'o1', campaign: 'c1', demand: 'd1', seller: 'packer', receiver: 'union', goods: goods('apple-fuji', 6_000_000), from: fengxiang, to: union } as shapes.WaitingLoad;

/** What GET of each path under /api answers. */
export const answers: Record<string, unknown> = {
  '/search': found, '/offers/offer1': offer, '/lots': [lot], '/lots/lot1': lot, '/demands': demands, '/demands/d1': demands[0], '/demands/d2': demands[1],
  '/campaigns': [campaign], '/campaigns/c1': campaign, '/gifts/c1': gift, '/orders': [order, settled], '/orders/o1': order, '/orders/o2': settled, '/orders/o2/settlement': settlement,
  '/bank-lines': bank, '/statements': [], '/debts': [], '/payout-runs': [run], '/payout-runs/r1': run, '/checkouts/held': [], '/payouts': [], '/invoices': [invoice], '/invoices/i1': invoice, '/vehicles': [vehicle('陕C·A1001', 'T68')], '/capacity-offers': [capacity], '/loads': [load, { ...load, allocation: 'a2', to: zhongnan, goods: goods('apple-fuji', 4_000_000) }],
  '/plans/p1': plan, '/plans/p1/what-if': { ...plan, day: '2020-01-20' }, '/trips': [{ ...trip, outline: planned('陕C·A1002', 608, 438, 4_996_000) }], '/trips/t1': trip, '/trips/t2': arriving, '/trips/t1/waybill': [waybill],
  '/mandates': [mandate], '/places': [{ code: '420103', name: '江汉区', path: '湖北省武汉市江汉区' }], '/produce': [{ id: 'apple-fuji', name: '苹果', name_en: 'apple', aliases: [], class: 'fresh_fruit', group: 'pome' }],
  '/audit': [{ at: '2020-02-03T14:10:00+08:00', actor: 'user/driver2', act: 'loaded', subject: 'trip/t1' }], '/audit/verify': { ok: true, entries: 312, events: 480, seals: 14, unsealed: 0, wrong: [] },
};

/** Somebody with these roles. */
export function person(...roles: string[]) {
  const party: Record<string, [string, string]> = { coop: ['packer', '凤翔某农业发展公司'], clerk: ['packer', '凤翔某农业发展公司'], donor: ['firm', '某企业'], buyer: ['firm', '某企业'], receiver: ['union', '协和医院'], carrier: ['haulier', '宝鸡某运输公司'], driver: ['haulier', '宝鸡某运输公司'] };
  return { user: 'u1', name: '示范用户', lang: 'zh', grants: roles.map((role) => ({ role, party: party[role]?.[0] ?? '', party_name: party[role]?.[1] })), mandates: [] };
}

export interface Call {
  method: string;
  path: string;
  body: any;
  key: string | undefined;
}

/** Stands in for the server: answers GETs, writes down the rest, and lets a test answer first. */
export async function stage(page: Page, me: ReturnType<typeof person> | null, first?: (call: Call, route: Route) => Promise<boolean> | boolean): Promise<Call[]> {
  const calls: Call[] = [];
  await asksItself(page);
  await page.route('**/api/**', async (route) => {
    const request = route.request();
    const path = new URL(request.url()).pathname.replace(/^\/api/, '');
    const call: Call = { method: request.method(), path, body: safe(request.postData()), key: request.headers()['idempotency-key'] };
    if (call.method !== 'GET') calls.push(call);
    if (await first?.(call, route)) return;
    if (path === '/me') return me ? route.fulfill({ json: me }) : route.fulfill({ status: 401, json: { status: 401, type: '/problems/sign_in', detail: '请先登录。' } });
    if (call.method === 'GET' && path in answers) return route.fulfill({ json: answers[path] });
    if (call.method === 'GET') return route.fulfill({ status: 404, json: { status: 404, type: '/problems/not_found', detail: '没有找到。' } });
    return route.fulfill({ json: { id: 'lot1' } });
  });
  return calls;
}

function safe(text: string | null) {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return text;
  }
}
