package mot

import (
	"fmt"
	"strings"
	"time"

	"jishi/server/measure"
)

// china is the clock of every place in the forms: +08:00, no summer time.
var china = time.FixedZone("+08:00", 8*3600)

// Moment writes an instant as local yyyyMMddHHmmss; no instant is an empty field.
func Moment(m measure.Millis) string {
	if m == 0 {
		return ""
	}
	return time.UnixMilli(int64(m)).In(china).Format("20060102150405")
}

// Day writes a day "2020-02-03" as yyyyMMdd.
func Day(day string) string { return strings.ReplaceAll(day, "-", "") }

// Yuan writes an amount with three decimals.
func Yuan(f measure.Fen) string { return fmt.Sprintf("%d.%02d0", f/100, f%100) }

// Kilograms writes a mass with three decimals.
func Kilograms(g measure.Grams) string { return fmt.Sprintf("%d.%03d", g/1000, g%1000) }

// Tonnes writes a mass with two decimals, rounded half up; nothing is an empty field.
func Tonnes(g measure.Grams) string {
	if g == 0 {
		return ""
	}
	hundredths := (g + 5_000) / 10_000
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
}

// Litres writes a volume in cubic decimetres with four decimals. A volume of 100 m³ or more has no place in the form's nine
// digits; the field may be empty, so it is.
func Litres(v measure.Millilitres) string {
	if v >= 100_000_000 {
		return ""
	}
	return fmt.Sprintf("%d.%03d0", v/1000, v%1000)
}

// plateColours are the codes of a plate's colour.
var plateColours = map[string]string{"blue": "1", "yellow": "2", "black": "3", "white": "4", "green": "5"}

// PlateColour gives the code of a plate's colour, 9 for one that has none.
func PlateColour(colour string) string {
	if code, ok := plateColours[colour]; ok {
		return code
	}
	return "9"
}

// Serial gives the number of vehicle and segment (分段分单号). The guide: "分段运输和多车运输由四位数字组成,前两位代表一单多车的序号,后两位代表分段序号。
// 若运输形式为一单一车填0000". Each truck has a waybill number of its own here, so the first two are always 00: 0000 for a truck that
// drives through, 0001 and 0002 for two segments. Segments count from 1.
func Serial(segment, segments int) string {
	if segments == 1 {
		segment = 0
	}
	return fmt.Sprintf("00%02d", segment)
}
