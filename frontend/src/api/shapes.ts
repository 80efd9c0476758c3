// Short names for the shapes of the server's OpenAPI document. Nothing is described here: schema.d.ts is made from the
// document (make openapi). Grams, fen, metres and millilitres are integers; a price is in 1/10000 yuan per kilogram;
// an instant is RFC 3339 text.

import type { components } from './schema';

type Schemas = components['schemas'];

export type Me = Schemas['Me'];
export type Place = Schemas['PlaceView'];
export type Division = Schemas['DivisionView'];
export type Party = Schemas['PartyView'];
export type Lot = Schemas['LotView'];
export type Import = Schemas['ImportView'];
export type Offer = Schemas['OfferView'];
export type ReadBack = Schemas['ReadBackView'];
export type Demand = Schemas['NeedView'];
export type Campaign = Schemas['CampaignView'];
export type Order = Schemas['OrderView'];
export type OrderNumbers = Schemas['OrderNumbersView'];
export type Quotation = Schemas['QuotationView'];
export type Settlement = Schemas['SettlementView'];
export type SettlementLine = Schemas['SettlementLineView'];
export type BankLine = Schemas['BankLineView'];
export type BankSuggestion = Schemas['BankSuggestionView'];
export type Statement = Schemas['StatementView'];
export type Debt = Schemas['DebtView'];
export type Payout = Schemas['PayoutView'];
export type PayoutRun = Schemas['PayoutRunView'];
export type MonthlyInvoice = Schemas['MonthlyInvoiceView'];
export type BankAccount = Schemas['BankAccountView'];
export type Checkout = Schemas['CheckoutView'];
export type Vehicle = Schemas['VehicleView'];
export type Capacity = Schemas['CapacityView'];
export type WaitingLoad = Schemas['LoadView'];
export type Goods = Schemas['Goods'];
export type Fill = Schemas['Fill'];
export type Hint = Schemas['Hint'];
export type Caution = Schemas['Caution'];
export type CostLine = Schemas['CostLine'];
export type Plan = Schemas['PlanView'];
export type PlanOption = Schemas['OptionView'];
export type PlannedTrip = Schemas['OutlineView'];
export type Trip = Schemas['TripView'];
export type TripPart = Schemas['ConsignmentView'];
export type TripStop = Schemas['StopView'];
export type TripEvent = Schemas['EventView'];
export type Waybill = Schemas['Waybill'];
export type GiftReport = Schemas['GiftView'];
export type Given = Schemas['GivenView'];
export type GiftReceipt = Schemas['ReceiptView'];
export type Handout = Schemas['HandoutView'];
export type Mandate = Schemas['MandateView'];
export type AuditEntry = Schemas['AuditEvent'];
export type AuditCheck = Schemas['AuditReport'];
export type Hit = Schemas['HitView'];
export type Found = Schemas['FoundView'];
export type Suggestion = Schemas['Suggestion'];
export type Notice = Schemas['NoticeView'];
export type Notices = Schemas['NoticesView'];
export type SavedSearch = Schemas['SavedView'];

/** The document writes a list that may be absent as null: to a page both are an empty list. */
export const items = <T>(list: T[] | null | undefined): T[] => list ?? [];
export type Todo = Schemas['TodoView'];
export type Income = Schemas['IncomeView'];
export type Listing = Schemas['ListingView'];
export type PriceCase = Schemas['PriceCaseView'];
export type Reserve = Schemas['ReserveView'];
export type ReliefRow = Schemas['ReliefRowView'];
export type ReliefLine = Schemas['ReliefLineView'];
export type Weighing = Schemas['WeighingView'];
export type Prices = Schemas['PricesView'];
export type Entry = Schemas['EntryView'];
export type Run = Schemas['RunView'];
export type Tried = Schemas['TriedView'];
export type Comparison = Schemas['Comparison'];
export type Edit = Schemas['EditView'];
export type PlanLine = Schemas['PlanLineView'];
