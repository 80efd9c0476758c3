package measure

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// String prints kilograms with thousands separators: "5,016 kg", "0.5 kg". What would need three decimals is printed in
// grams, "5,004 g": ParseMass refuses "5.004 kg", and a reader may take it for five tonnes.
func (g Grams) String() string {
	if g%10 != 0 {
		return thousands(int64(g), 0) + " g"
	}
	return thousands(int64(g), 3) + " kg"
}

// Text prints a mass for readers of Chinese ("zh": 公斤 and 斤) or of anything else (kilograms).
func (g Grams) Text(lang string) string {
	if !strings.HasPrefix(lang, "zh") {
		return g.String()
	}
	kilograms := strings.NewReplacer("kg", "公斤", "g", "克").Replace(g.String())
	return kilograms + "（" + g.Jin() + "）"
}

// Text prints a price for readers of Chinese ("zh": 元/公斤 and 元/斤) or of anything else (yuan/kg).
func (p PriceE4) Text(lang string) string {
	if !strings.HasPrefix(lang, "zh") {
		return p.String()
	}
	return p.PerKilogram() + "（" + p.PerJin() + "）"
}

// Jin prints 斤: "10,032 斤", "1.5 斤".
func (g Grams) Jin() string { return thousands(int64(g)*2, 3) + " 斤" }

// String prints plain yuan: "59856.00".
func (f Fen) String() string {
	return signed(int64(f), fmt.Sprintf("%d.%02d", abs(int64(f))/100, abs(int64(f))%100))
}

// String prints the price per kilogram: "6.00 yuan/kg".
func (p PriceE4) String() string { return decimals(int64(p), 4, 2) + " yuan/kg" }

// PerJin prints the price per 斤: "3.00 元/斤".
func (p PriceE4) PerJin() string { return decimals(int64(p)*5, 5, 2) + " 元/斤" }

// PerKilogram prints the price per 公斤: "6.00 元/公斤".
func (p PriceE4) PerKilogram() string { return decimals(int64(p), 4, 2) + " 元/公斤" }

// String prints kilometres: "950.0 km".
func (m Metres) String() string { return fmt.Sprintf("%.1f km", float64(m)/1000) }

// String prints cubic metres: "38.00 m³".
func (v Millilitres) String() string { return decimals(int64(v), 6, 2) + " m³" }

// china is the zone of every hour that people read: UTC+8 in all of China, without summer time since 1992.
var china = time.FixedZone("UTC+8", 8*60*60)

// RFC3339 prints an instant as it is read in China: "2020-02-03T14:00:00+08:00", with milliseconds where there are any.
func (ms Millis) RFC3339() string {
	return time.UnixMilli(int64(ms)).In(china).Format("2006-01-02T15:04:05.999Z07:00")
}

// decimals prints n / 10^places with no more trailing zeros than least asks for.
func decimals(n int64, places, least int) string {
	text := fmt.Sprintf("%0*d", places+1, abs(n))
	whole, part := text[:len(text)-places], text[len(text)-places:]
	for len(part) > least && strings.HasSuffix(part, "0") {
		part = part[:len(part)-1]
	}
	if part != "" {
		whole += "." + part
	}
	return signed(n, whole)
}

// thousands prints n / 10^places with separators and no trailing zeros.
func thousands(n int64, places int) string {
	whole, part, _ := strings.Cut(decimals(abs(n), places, 0), ".")
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if part != "" {
		b.WriteString("." + part)
	}
	return signed(n, b.String())
}

func signed(n int64, text string) string {
	if n < 0 {
		return "-" + text
	}
	return text
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// Plain prints kilograms without separators, to be read back by ParseMass: "5016kg", "500g" below a kilogram's whole.
func (g Grams) Plain() string {
	if g%Kilogram == 0 {
		return strconv.FormatInt(int64(g/Kilogram), 10) + "kg"
	}
	return strconv.FormatInt(int64(g), 10) + "g"
}

// Kilograms prints kilograms as a decimal with a point and nothing behind it that is not needed: "5016", "0.5". Machines read it.
func (g Grams) Kilograms() string {
	whole, rest := abs(int64(g))/int64(Kilogram), abs(int64(g))%int64(Kilogram)
	text := strconv.FormatInt(whole, 10)
	if rest != 0 {
		text += "." + strings.TrimRight(fmt.Sprintf("%03d", rest), "0")
	}
	return signed(int64(g), text)
}
