package mot

import "encoding/xml"

// Waybill is the electronic waybill (电子运单) of one segment. ShippingNoteNumber is the trip's own, so that VehicleAmount (运输总车辆数),
// by the guide "同一运单号的货物总共使用的运输车辆总数", is the trucks that drive this one trip: 1, or 2 once another took the goods over.
type Waybill struct {
	XMLName                       xml.Name             `json:"-" xml:"Waybill"`
	OriginalDocumentNumber        string               `json:"OriginalDocumentNumber" mot:"an..35;must"`
	ShippingNoteNumber            string               `json:"ShippingNoteNumber" mot:"an..20;must"`
	SerialNumber                  string               `json:"SerialNumber" mot:"an4;must"`
	VehicleAmount                 string               `json:"VehicleAmount" mot:"n..4;must"`
	TransportTypeCode             string               `json:"TransportTypeCode" mot:"n..2;must"`
	SendToProDateTime             string               `json:"SendToProDateTime" mot:"n14;must"`
	Carrier                       string               `json:"Carrier" mot:"an..512;must"`
	UnifiedSocialCreditIdentifier string               `json:"UnifiedSocialCreditIdentifier" mot:"an18;must"`
	PermitNumber                  string               `json:"PermitNumber" mot:"an..50;must"`
	ConsignmentDateTime           string               `json:"ConsignmentDateTime" mot:"n14;must"`
	BusinessTypeCode              string               `json:"BusinessTypeCode" mot:"an..7;must"`
	DespatchActualDateTime        string               `json:"DespatchActualDateTime" mot:"n14;must"`
	GoodsReceiptDateTime          string               `json:"GoodsReceiptDateTime" mot:"n14;must"`
	ConsignorInfo                 []ConsignorInfo      `json:"ConsignorInfo" mot:"must"`
	ConsigneeInfo                 []ConsigneeInfo      `json:"ConsigneeInfo" mot:"must"`
	TotalMonetaryAmount           string               `json:"TotalMonetaryAmount" mot:"n..18,3;must"`
	TransportationCost            string               `json:"TransportationCost" mot:"n..18,3"`
	TransportationDistance        string               `json:"TransportationDistance" mot:"n..10"`
	FinishDateTime                string               `json:"FinishDateTime" mot:"n14"`
	VehicleInfo                   VehicleInfo          `json:"VehicleInfo"`
	ActualCarrierInfo             ActualCarrierInfo    `json:"ActualCarrierInfo"`
	InsuranceInformation          InsuranceInformation `json:"InsuranceInformation"`
	Remark                        string               `json:"Remark" mot:"an..256"`
}

// Codes of the waybill that this product needs: carried by road alone, as general freight on trunk roads.
const (
	ByRoad       = "1"
	TrunkFreight = "1002996"
)

// Codes of the kinds of cargo; from memory, not checked (°).
const (
	FreshCargo = "1700"
	OtherCargo = "9000"
)

// ConsignorInfo (托运人) is who hands goods to the truck. The guide knows one; a truck that loads at two places names both.
type ConsignorInfo struct {
	Consignor              string `json:"Consignor" mot:"an..512;must"`
	ConsignorID            string `json:"ConsignorID" mot:"an..35;must"`
	PlaceOfLoading         string `json:"PlaceOfLoading" mot:"an..256"`
	CountrySubdivisionCode string `json:"CountrySubdivisionCode" mot:"an..12;must"`
}

// ConsigneeInfo (收货方) is who takes goods off the truck.
type ConsigneeInfo struct {
	Consignee              string `json:"Consignee" mot:"an..512;must"`
	ConsigneeID            string `json:"ConsigneeID" mot:"an..35"`
	GoodsReceiptPlace      string `json:"GoodsReceiptPlace" mot:"an..256;must"`
	CountrySubdivisionCode string `json:"CountrySubdivisionCode" mot:"an..12;must"`
}

// VehicleInfo is the truck of the segment with its crew and what is on it.
type VehicleInfo struct {
	VehiclePlateColorCode         string       `json:"VehiclePlateColorCode" mot:"an..2;must"`
	VehicleNumber                 string       `json:"VehicleNumber" mot:"an..35;must"`
	DespatchActualDateTime        string       `json:"DespatchActualDateTime" mot:"n14"`
	GoodsReceiptDateTime          string       `json:"GoodsReceiptDateTime" mot:"n14"`
	PlaceOfLoading                string       `json:"PlaceOfLoading" mot:"an..256"`
	LoadingCountrySubdivisionCode string       `json:"LoadingCountrySubdivisionCode" mot:"an..12"`
	GoodsReceiptPlace             string       `json:"GoodsReceiptPlace" mot:"an..256"`
	ReceiptCountrySubdivisionCode string       `json:"ReceiptCountrySubdivisionCode" mot:"an..12"`
	Driver                        []DriverInfo `json:"Driver" mot:"must"`
	GoodsInfo                     []GoodsInfo  `json:"GoodsInfo" mot:"must"`
}

// DriverInfo is one of the crew.
type DriverInfo struct {
	DriverName     string `json:"DriverName" mot:"an..30;must"`
	DrivingLicense string `json:"DrivingLicense" mot:"an..18;must"`
}

// GoodsInfo is one kind of goods on the vehicle: kilograms with packs, cubic decimetres, begun packs.
type GoodsInfo struct {
	DescriptionOfGoods          string `json:"DescriptionOfGoods" mot:"an..512;must"`
	CargoTypeClassificationCode string `json:"CargoTypeClassificationCode" mot:"an..4;must"`
	GoodsItemGrossWeight        string `json:"GoodsItemGrossWeight" mot:"n..14,3;must"`
	Cube                        string `json:"Cube" mot:"n..9,4"`
	TotalNumberOfPackages       string `json:"TotalNumberOfPackages" mot:"n..8"`
}

// ActualCarrierInfo (实际承运人) is who really drives.
type ActualCarrierInfo struct {
	ActualCarrierName            string `json:"ActualCarrierName" mot:"an..256;must"`
	ActualCarrierBusinessLicense string `json:"ActualCarrierBusinessLicense" mot:"an..50;must"`
	ActualCarrierID              string `json:"ActualCarrierID" mot:"an..50;must"`
}

// InsuranceInformation names the cover of the goods, "none" and 无 where there is none.
type InsuranceInformation struct {
	PolicyNumber     string `json:"PolicyNumber" mot:"an..30;must"`
	InsuranceCompany string `json:"InsuranceCompany" mot:"an..30;must"`
}

// CashFlow is the cash-flow sheet (资金流水单): what one actual carrier was paid for a vehicle's segments.
type CashFlow struct {
	XMLName               xml.Name        `json:"-" xml:"CashFlow"`
	DocumentNumber        string          `json:"DocumentNumber" mot:"an..35;must"`
	SendToProDateTime     string          `json:"SendToProDateTime" mot:"n14;must"`
	Carrier               string          `json:"Carrier" mot:"an..512;must"`
	ActualCarrierID       string          `json:"ActualCarrierID" mot:"an..50;must"`
	VehicleNumber         string          `json:"VehicleNumber" mot:"an..35;must"`
	VehiclePlateColorCode string          `json:"VehiclePlateColorCode" mot:"n..2;must"`
	ShippingNoteList      []ShippingNote  `json:"ShippingNoteList" mot:"must"`
	FinancialList         []FinancialItem `json:"FinancialList" mot:"must"`
	Remark                string          `json:"Remark" mot:"an..256"`
}

// ShippingNote is a segment that a cash-flow sheet pays for.
type ShippingNote struct {
	ShippingNoteNumber  string `json:"ShippingNoteNumber" mot:"an..20;must"`
	SerialNumber        string `json:"SerialNumber" mot:"an4;must"`
	TotalMonetaryAmount string `json:"TotalMonetaryAmount" mot:"n..18,3;must"`
}

// BankTransfer is the code of a payment by bank transfer (银行转账).
const BankTransfer = "32"

// FinancialItem is one flow of money. Cash does not exist in the guide.
type FinancialItem struct {
	PaymentMeansCode string `json:"PaymentMeansCode" mot:"an..3;must"`
	Recipient        string `json:"Recipient" mot:"an..512;must"`
	ReceiptAccount   string `json:"ReceiptAccount" mot:"an..512;must"`
	BankCode         string `json:"BankCode" mot:"an..11"`
	SequenceCode     string `json:"SequenceCode" mot:"an..50;must"`
	MonetaryAmount   string `json:"MonetaryAmount" mot:"n..18,3;must"`
	DateTime         string `json:"DateTime" mot:"n14;must"`
}

// VehicleSheet tells the ministry's system about a truck (车辆基本信息). Owner to IssueDate are asked for trucks of at most
// 4.5 t gross alone.
type VehicleSheet struct {
	XMLName                        xml.Name `json:"-" xml:"VehicleSheet"`
	VehicleNumber                  string   `json:"VehicleNumber" mot:"an..35;must"`
	VehiclePlateColorCode          string   `json:"VehiclePlateColorCode" mot:"an..2;must"`
	VehicleType                    string   `json:"VehicleType" mot:"an..3;must"`
	Owner                          string   `json:"Owner" mot:"an..128"`
	UseCharacter                   string   `json:"UseCharacter" mot:"an..20"`
	VIN                            string   `json:"VIN" mot:"an..32"`
	IssuingOrganizations           string   `json:"IssuingOrganizations" mot:"an..128"`
	RegisterDate                   string   `json:"RegisterDate" mot:"n8"`
	IssueDate                      string   `json:"IssueDate" mot:"n8"`
	VehicleEnergyType              string   `json:"VehicleEnergyType" mot:"an..12;must"`
	VehicleTonnage                 string   `json:"VehicleTonnage" mot:"n..9,2;must"`
	GrossMass                      string   `json:"GrossMass" mot:"n..9,2;must"`
	RoadTransportCertificateNumber string   `json:"RoadTransportCertificateNumber" mot:"an..20;must"`
	TrailerVehiclePlateNumber      string   `json:"TrailerVehiclePlateNumber" mot:"an..35"`
	Remark                         string   `json:"Remark" mot:"an..256"`
}

// Diesel is the code of the fuel that trucks of these classes burn.
const Diesel = "B"

// DriverSheet tells the ministry's system about a driver (驾驶员基本信息).
type DriverSheet struct {
	XMLName                  xml.Name `json:"-" xml:"DriverSheet"`
	DriverName               string   `json:"DriverName" mot:"an..30;must"`
	DrivingLicense           string   `json:"DrivingLicense" mot:"an..18;must"`
	VehicleClass             string   `json:"VehicleClass" mot:"an..20"`
	IssuingOrganizations     string   `json:"IssuingOrganizations" mot:"an..128"`
	ValidPeriodFrom          string   `json:"ValidPeriodFrom" mot:"n8"`
	ValidPeriodTo            string   `json:"ValidPeriodTo" mot:"n8"`
	QualificationCertificate string   `json:"QualificationCertificate" mot:"an..18;must"`
	Telephone                string   `json:"Telephone" mot:"an..18;must"`
	Remark                   string   `json:"Remark" mot:"an..256"`
}

// Forms are all four for one trip, and what the ministry's system would not take of them.
type Forms struct {
	XMLName   xml.Name       `json:"-" xml:"Forms"`
	Waybills  []Waybill      `json:"waybills" xml:"Waybills>Waybill"`
	CashFlows []CashFlow     `json:"cash_flows" xml:"CashFlows>CashFlow"`
	Vehicles  []VehicleSheet `json:"vehicles" xml:"Vehicles>VehicleSheet"`
	Drivers   []DriverSheet  `json:"drivers" xml:"Drivers>DriverSheet"`
}

// Check gives what is wrong with each form, its field prefixed with the form: "waybills[0].PermitNumber".
func (f Forms) Check() []FormError { return Check(f) }
