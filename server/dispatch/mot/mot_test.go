package mot

import (
	"reflect"
	"strings"
	"testing"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ format, value, want string }{
		{"an..35;must", "", "missing"},
		{"an..35", "", ""},
		{"an..35", strings.Repeat("果", 35), ""},
		{"an..35", strings.Repeat("果", 36), "has 36 characters, at most 35 fit"},
		{"an18", "91610300MA6X000001", ""},
		{"an18", "91610300MA6X00000", "has 17 characters, not 18"},
		{"n14", "20200203140000", ""},
		{"n14", "2020-02-03 14:00", "is no number"},
		{"n14", "2020020314000", "has 13 characters, not 14"},
		{"n..18,3", "59856.000", ""},
		{"n..18,3", "999999999999999.999", ""}, // 18 digits, the point does not count
		{"n..18,3", "9999999999999999.999", "has 19 characters, at most 18 fit"},
		{"n..18,3", "59856.00", "has 2 decimals, not 3"},
		{"n..18,3", "59856", "has 0 decimals, not 3"},
		{"n..18,3", "-1.000", "is no number"},
		{"n..9,4", "16680.0000", ""},
		{"n..4", "3", ""},
		{"n..4", "3.", "is no number"},
	} {
		f, err := parseFormat(c.format)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.problem(c.value); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.format, c.value, got, c.want)
		}
	}
	for _, bad := range []string{"", "x35", "an..", "n..18,x"} {
		if _, err := parseFormat(bad); err == nil {
			t.Errorf("format %q is taken", bad)
		}
	}
}

// Every field of every form has a format, and the guide's limits are these.
func TestTheTable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		form          any
		field, format string
	}{
		{Waybill{}, "OriginalDocumentNumber", "an..35;must"},
		{Waybill{}, "ShippingNoteNumber", "an..20;must"},
		{Waybill{}, "SerialNumber", "an4;must"},
		{Waybill{}, "SendToProDateTime", "n14;must"},
		{Waybill{}, "UnifiedSocialCreditIdentifier", "an18;must"},
		{Waybill{}, "TotalMonetaryAmount", "n..18,3;must"},
		{GoodsInfo{}, "GoodsItemGrossWeight", "n..14,3;must"},
		{GoodsInfo{}, "Cube", "n..9,4"},
		{FinancialItem{}, "MonetaryAmount", "n..18,3;must"},
		{VehicleSheet{}, "VehicleTonnage", "n..9,2;must"},
		{DriverSheet{}, "QualificationCertificate", "an..18;must"},
	} {
		f, ok := reflect.TypeOf(c.form).FieldByName(c.field)
		if got := f.Tag.Get("mot"); !ok || got != c.format {
			t.Errorf("%T.%s: %q, want %q", c.form, c.field, got, c.format)
		}
	}
	Forms{Waybills: []Waybill{{ConsignorInfo: []ConsignorInfo{{}}, ConsigneeInfo: []ConsigneeInfo{{}}, VehicleInfo: VehicleInfo{Driver: []DriverInfo{{}}, GoodsInfo: []GoodsInfo{{}}}}},
		CashFlows: []CashFlow{{ShippingNoteList: []ShippingNote{{}}, FinancialList: []FinancialItem{{}}}}, Vehicles: []VehicleSheet{{}}, Drivers: []DriverSheet{{}}}.Check()
}

func TestCheckNamesTheField(t *testing.T) {
	t.Parallel()
	wrong := Check(VehicleInfo{VehiclePlateColorCode: "2", VehicleNumber: "陕C·A1001", Driver: []DriverInfo{{DriverName: "王师傅"}}})
	want := []FormError{{"Driver[0].DrivingLicense", "an..18;must", "missing"}, {"GoodsInfo", "list", "missing"}}
	if !reflect.DeepEqual(wrong, want) {
		t.Errorf("%v, want %v", wrong, want)
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{Moment(0), ""},
		{Moment(1580709600000), "20200203140000"}, // 06:00 UTC is 14:00 in China
		{Yuan(642050), "6420.500"},
		{Kilograms(5_500_000), "5500.000"},
		{Kilograms(7), "0.007"},
		{Tonnes(14_500_000), "14.50"},
		{Tonnes(1_995_000), "2.00"},
		{Tonnes(0), ""},
		{Litres(16_680_000), "16680.0000"},
		{Litres(99_999_999), "99999.9990"},
		{Litres(135_000_000), ""}, // of a 17.5 m trailer: ten digits, nine fit
		{Day("2021-01-01"), "20210101"},
		{PlateColour("blue"), "1"},
		{PlateColour("pink"), "9"},
		{Serial(1, 1), "0000"},
		{Serial(1, 2), "0001"},
		{Serial(2, 2), "0002"},
	} {
		if c[0] != c[1] {
			t.Errorf("%q, want %q", c[0], c[1])
		}
	}
}
