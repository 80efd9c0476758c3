// What the server says, in the shape the pages use. One place, so that types generated from /openapi.json can replace it.
// Grams, fen, metres and millilitres are integers; a price is in 1/10000 yuan per kilogram; instants are RFC 3339 text.

/** RFC 3339 text; planned times may come as Unix milliseconds. */
export type Instant = string | number;

export interface Point {
  lon: number;
  lat: number;
}

export interface Place {
  name: string;
  adcode: string;
  point?: Point;
}

export interface Party {
  id: string;
  kind: string;
  name: string;
  name_en?: string;
}

export interface Share {
  household: string;
  name?: string;
  grams: number;
}

export interface Lot {
  id: string;
  party: string;
  party_name?: string;
  produce: string;
  produce_name?: string;
  grade?: string;
  packing?: string;
  packs?: number;
  pack_grams?: number;
  weighed_grams: number;
  available_grams: number;
  harvested_on?: string;
  place: Place;
  certificate?: string;
  shares?: Share[];
  source_line?: string;
  offers?: Offer[];
  created_at?: Instant;
}

export interface Offer {
  id: string;
  lot: string;
  seller: string;
  seller_name?: string;
  price_e4: number;
  benefit_e4?: number;
  gift?: boolean;
  min_grams?: number;
  available_grams?: number;
  produce?: string;
  produce_name?: string;
  grade?: string;
  place?: Place;
  state: string;
  poverty?: boolean;
  pickup?: { from?: Instant; to?: Instant };
  lot_detail?: Lot;
}

export interface ReadBack {
  text: string;
  produce?: string;
  produce_name?: string;
  grade?: string;
  weight_grams?: number;
  price_e4?: number;
  packing?: string;
  unknown?: string[];
}

export interface Demand {
  id: string;
  party: string;
  party_name?: string;
  produce: string;
  produce_name?: string;
  amount: { kind: string; grams?: number };
  by?: Instant;
  why?: string;
  storage?: string;
  unload?: { from?: string; to?: string };
  no_forklift?: boolean;
  place: Place;
  state: string;
  committed_grams?: number;
  allocated_grams?: number;
  on_truck_grams?: number;
  accepted_grams?: number;
  rejected_grams?: number;
  confirmed_at?: Instant;
  verified_at?: Instant;
}

export interface Campaign {
  id: string;
  donor: string;
  donor_name?: string;
  title: string;
  named_use: string;
  goal_grams?: number;
  goal_fen?: number;
  reference?: string;
  state: string;
  demands: string[];
  paid_fen?: number;
  fund_fen?: number;
  accepted_grams?: number;
  use_change?: { new_use: string; reason?: string; answer_until?: Instant; answers?: Record<string, boolean> } | null;
}

export interface Warning {
  code: string;
  text: string;
  price_e4?: number;
  low_e4?: number;
  high_e4?: number;
  source?: string;
}

export interface OrderLine {
  id: string;
  offer: string;
  lot: string;
  produce?: string;
  produce_name?: string;
  grade?: string;
  grams: number;
  price_e4: number;
  benefit_e4?: number;
  fen?: number;
  to: { id: string; demand: string; receiver_name?: string; grams: number }[];
}

export interface OrderNumbers {
  reserved_grams?: number;
  allocated_grams?: number;
  planned_grams?: number;
  on_truck_grams?: number;
  accepted_grams?: number;
  rejected_grams?: number;
  returned_grams?: number;
  lost_grams?: Record<string, number>;
}

export interface Order {
  id: string;
  buyer: string;
  buyer_name?: string;
  seller: string;
  seller_name?: string;
  campaign?: string;
  named_use?: string;
  state: string;
  reason?: string;
  warnings?: Warning[];
  invoice?: { reference: string; fen: number; paid_fen?: number; account?: string; bank?: string; payee?: string };
  lines: OrderLine[];
  numbers?: OrderNumbers;
  acts?: string[];
  submitted_at?: Instant;
  answer_until?: Instant;
}

export interface SettlementLine {
  kind: string;
  line?: string;
  party?: string;
  party_name?: string;
  grams?: number;
  price_e4?: number;
  fen: number;
  account?: string;
  note?: string;
}

export interface Settlement {
  order: string;
  total_fen: number;
  lines: SettlementLine[];
}

export interface BankLine {
  id?: string;
  client_id: string;
  reference: string;
  fen: number;
  paid_at: Instant;
  payer: string;
  state?: string;
  matched?: string;
}

export interface Vehicle {
  id: string;
  carrier: string;
  carrier_name?: string;
  type: string;
  plate: string;
  plate_colour: string;
  driver: string;
  papers?: { kind: string; number: string; until: string }[];
  passes?: { number: string; area: string; from: string; until: string }[];
}

export interface Capacity {
  id: string;
  vehicle: string;
  plate?: string;
  carrier: string;
  place: Place;
  from: Instant;
  until: Instant;
  price: { kind: string; fen: number };
  return_to?: string;
  state?: string;
}

export interface Goods {
  produce: string;
  produce_name?: string;
  packing: string;
  packed: boolean;
  pack_grams: number;
  net_grams: number;
  gross_grams: number;
  volume_ml: number;
  packs: number;
}

export interface WaitingLoad {
  allocation: string;
  order: string;
  lot?: string;
  produce: string;
  grade?: string;
  grams: number;
  goods?: Goods;
  from: Place;
  to: Place;
  receiver?: string;
}

export interface CostLine {
  kind: string;
  fen: number;
  text: string;
  rule?: string;
  source?: string;
  mark?: string;
}

export interface Caution {
  code: string;
  text: string;
  trip?: number;
  stops?: boolean;
  source?: string;
  mark?: string;
}

export interface Fill {
  weight_per_mille: number;
  cube_per_mille: number;
  net_grams: number;
  gross_grams: number;
  volume_ml: number;
}

export interface PlannedTrip {
  truck: { vehicle: Vehicle; type?: { id: string; name: string; name_en?: string } };
  stops: { kind: string; place: Place; party?: string; arrive_at: Instant; leave_at: Instant }[];
  parts: { load: number; goods: Goods; layer?: number }[];
  fill: Fill;
  metres: number;
  empty_metres?: number;
  rests?: number;
  cost_fen: number;
  haulage_fen?: number;
  toll_free?: string;
  hand_over?: string;
}

export interface PlanOption {
  id: string;
  summary: string;
  trips: PlannedTrip[];
  cost_fen: number;
  lines: CostLine[];
  warnings: Caution[];
  hints: Caution[];
  unserved?: { grams: number; text: string }[];
  delivered_at: Instant;
}

export interface Refusal {
  vehicle: string;
  plate: string;
  type: string;
  rule: string;
  text: string;
  fill?: Fill | null;
  source?: string;
}

export interface Plan {
  id: string;
  day: string;
  options: PlanOption[];
  refused: Refusal[];
  left_out?: { grams: number; text: string }[];
  levels?: CostLine[];
  ranking?: { option: string; fen: number; texts: string[] }[];
  accepted?: string;
}

export interface TripPart {
  consignment: string;
  produce: string;
  produce_name?: string;
  packing?: string;
  packs?: number;
  pack_grams?: number;
  allocated_grams: number;
  loaded_grams?: number;
  received_grams?: number;
  rejected_grams?: number;
  from_stop?: string;
  to_stop?: string;
  to_name?: string;
}

export interface TripStop {
  id: string;
  kind: string;
  place: Place;
  party?: string;
  planned_at?: Instant;
  arrived_at?: Instant;
  left_at?: Instant;
  done?: boolean;
}

export interface Trip {
  id: string;
  state: string;
  plate: string;
  driver?: string;
  carrier?: string;
  carrier_name?: string;
  stops: TripStop[];
  consignments: TripPart[];
  fill?: Fill;
  toll_free?: string;
  depart_at?: Instant;
  hand_over?: string;
}

/** One segment's electronic waybill, in the names of the ministry's record. */
export interface Waybill {
  OriginalDocumentNumber: string;
  ShippingNoteNumber: string;
  SerialNumber: string;
  Carrier: string;
  UnifiedSocialCreditIdentifier: string;
  PermitNumber: string;
  ConsignmentDateTime: string;
  DespatchActualDateTime: string;
  GoodsReceiptDateTime: string;
  ConsignorInfo: { Consignor: string; ConsignorID: string; PlaceOfLoading: string; CountrySubdivisionCode: string }[] | null;
  ConsigneeInfo: { Consignee: string; ConsigneeID: string; GoodsReceiptPlace: string; CountrySubdivisionCode: string }[] | null;
  TotalMonetaryAmount: string;
  TransportationDistance: string;
  VehicleInfo: {
    VehiclePlateColorCode: string;
    VehicleNumber: string;
    PlaceOfLoading: string;
    GoodsReceiptPlace: string;
    Driver: { DriverName: string; DrivingLicense: string }[] | null;
    GoodsInfo: { DescriptionOfGoods: string; CargoTypeClassificationCode: string; GoodsItemGrossWeight: string; Cube: string; TotalNumberOfPackages: string }[] | null;
  };
  ActualCarrierInfo: { ActualCarrierName?: string; ActualCarrierBusinessLicense?: string };
  InsuranceInformation: { PolicyNumber: string };
  Remark: string;
}

export interface GiftReport {
  campaign: string;
  title: string;
  named_use: string;
  donor_name?: string;
  state: string;
  reference?: string;
  goal_fen?: number;
  paid_fen: number;
  spent_fen?: number;
  back_fen?: number;
  lots: { id?: string; produce: string; produce_name?: string; seller_name?: string; place?: string; grams: number; price_e4?: number; fen?: number; certificate?: string }[];
  trips: { id?: string; plate: string; loaded_grams: number; received_grams: number; left_at?: Instant; arrived_at?: Instant; state?: string }[];
  wards: { name: string; produce?: string; received_grams: number; accepted_grams: number; rejected_grams: number; at?: Instant; photo?: string }[];
  losses: { cause: string; grams: number; text?: string }[];
  split?: { kind: string; name?: string; fen: number }[];
  proof?: { seal?: string; verified?: boolean };
}

export interface Mandate {
  id: string;
  agent: string;
  principal: string;
  principal_name?: string;
  acts: string[];
  from: Instant;
  until: Instant;
  state: string;
  how?: string;
  end_reason?: string;
}

export interface AuditEntry {
  at: Instant;
  actor: string;
  act: string;
  subject: string;
  reason?: string;
  mandate?: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

export interface AuditCheck {
  ok: boolean;
  entries: number;
  events: number;
  seals: number;
  unsealed: number;
  wrong: { where: string; what: string }[];
}

export interface Hit {
  kind: string;
  id: string;
  title: string;
  text?: { text: string; match: boolean }[];
  produce?: string;
  grade?: string;
  seller?: string;
  place?: Place;
  grams?: number;
  price_e4?: number;
  certified?: boolean;
  harvested_on?: string;
  delivered?: { price_e4: number; freight_e4: number; toll_e4: number; total_e4: number; metres: number; grams: number; vehicle: string } | null;
}

export interface Found {
  hits: Hit[];
  total: number;
  next?: string;
  parsed?: { label: string; without: string }[];
  facets?: { name: string; values: { value: string; label?: string; count: number }[] }[];
  notice?: string;
}

/** Some lists come bare and some in an object with items: both are a list to a page. */
export function items<T>(answer: T[] | { items?: T[] | null } | null | undefined): T[] {
  if (Array.isArray(answer)) return answer;
  return answer?.items ?? [];
}
